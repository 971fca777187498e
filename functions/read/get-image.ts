import { registerRoute } from '../register-route.ts';
import { composition } from '../composition.ts';
import { findImage } from './find-image.ts';
import { getImageRoute } from './routes.ts';
import { imageDetailView } from './view.ts';

registerRoute(getImageRoute, async ({ principal, parameters }) => {
  const image = await findImage(parameters.id, principal);
  const presenter = {
    signer: composition.urlSigner(),
    publicUrl: composition.settings().DARKROOM_PUBLIC_URL,
  };
  return { jsonBody: imageDetailView(presenter, image) };
});
