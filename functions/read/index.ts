import './list-images.ts';
import './get-image.ts';
import './get-variant.ts';
import './delete-image.ts';
import './ledger.ts';
