import './upload-images.ts';
