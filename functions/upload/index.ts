import './upload-images.ts';
import './tus/register.ts';
