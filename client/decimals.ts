/** The API's amounts and weights: their decimal places, and how people write them. */
export { moneyPlaces, weightPlaces } from '../shared/orders/decimal.ts';
export { editableDecimal, readDecimal, type ReadDecimal } from '../shared/orders/read-decimal.ts';
