import { registerRoute } from '../register-route.ts';
import { composition } from '../composition.ts';
import { visible } from './access.ts';
import { getImageRoute } from './routes.ts';
import { imageDetailView } from './view.ts';

registerRoute(getImageRoute, async ({ principal, parameters }) => {
  const reader = await composition.storageReader();
  const image = visible(await reader.find(parameters.id), principal);
  const presenter = {
    signer: composition.urlSigner(),
    publicUrl: composition.settings().DARKROOM_PUBLIC_URL,
  };
  return { jsonBody: imageDetailView(presenter, image) };
});
