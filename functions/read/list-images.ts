import type { Principal } from '../../shared/platform/auth/principal.ts';
import { registerRoute } from '../register-route.ts';
import { composition } from '../composition.ts';
import { isEngineer, maySee } from './access.ts';
import { listImagesRoute } from './routes.ts';
import { imageView } from './view.ts';

/** Engineering sees everybody's unless it asks for one owner's; everybody else sees their own, whatever they ask. */
const ownerFor = (principal: Principal, asked: string | undefined): string | undefined =>
  isEngineer(principal) ? asked : principal.id;

registerRoute(listImagesRoute, async ({ principal, query }) => {
  const reader = await composition.storageReader();
  const presenter = {
    signer: composition.urlSigner(),
    publicUrl: composition.settings().DARKROOM_PUBLIC_URL,
  };
  if (query.ids !== undefined) {
    const found = await reader.findAll(query.ids);
    const images = found.filter((image) => maySee(image, principal));
    return { jsonBody: { images: images.map((image) => imageView(presenter, image)), next: null } };
  }
  const owner = ownerFor(principal, query.owner);
  const page = await reader.list({
    limit: query.limit,
    ...(owner === undefined ? {} : { owner }),
    ...(query.status === undefined ? {} : { status: query.status }),
    ...(query.dueWithinHours === undefined ? {} : { dueWithinHours: query.dueWithinHours }),
    ...(query.cursor === undefined ? {} : { cursor: query.cursor }),
  });
  return {
    jsonBody: { images: page.images.map((image) => imageView(presenter, image)), next: page.next },
  };
});
