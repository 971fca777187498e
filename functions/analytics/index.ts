import './images.ts';
import './membership.ts';
import './sales.ts';
