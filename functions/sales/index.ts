import './add-product.ts';
import './correct-product.ts';
import './export-products.ts';
import './get-product.ts';
import './import-products.ts';
import './list-products.ts';
import './product-history.ts';
import './retire-product.ts';
