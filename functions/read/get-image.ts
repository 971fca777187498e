import { registerRoute } from '../../shared/http/register.ts';
import { parts } from '../../shared/parts.ts';
import { visible } from './access.ts';
import { getImageRoute } from './routes.ts';
import { imageDetailView } from './view.ts';

export const getImage = registerRoute(getImageRoute, async ({ principal, parameters }) => {
  const reader = await parts.storageReader();
  const image = visible(await reader.find(parameters.id), principal);
  const presenter = { signer: parts.urlSigner(), publicUrl: parts.settings().DARKROOM_PUBLIC_URL };
  return { jsonBody: imageDetailView(presenter, image) };
});
