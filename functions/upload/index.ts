import './upload-images.ts';
import './tus/routes.ts';
