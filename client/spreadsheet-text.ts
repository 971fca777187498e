export { asSpreadsheetText } from '../shared/orders/spreadsheet-text.ts';
