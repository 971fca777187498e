/** Decimal places of the API's amounts and weights. */
export { moneyPlaces, weightPlaces } from '../shared/orders/decimal.ts';
