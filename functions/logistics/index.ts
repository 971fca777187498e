import './complete-order.ts';
import './complete-orders.ts';
import './daily.ts';
import './get-order.ts';
import './list-orders.ts';
import './reopen-order.ts';
