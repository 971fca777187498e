import { openDatabase } from '../../shared/database/open.ts';
import { composition } from '../../functions/composition.ts';
import { registeredRoutes } from '../../functions/register-route.ts';
import { caller, configure } from './functions.ts';
import { imageMaker } from './images.ts';
import { startIssuer } from './issuer.ts';
import { startStores } from './stores.ts';

/** The functions that a test has imported, over real stores and a real issuer, with images to make for them. */
export async function startImageFunctions() {
  const [stores, issuer] = await Promise.all([startStores(), startIssuer()]);
  const clock = configure(stores, issuer);
  const database = openDatabase({ DARKROOM_DATABASE: stores.database });
  return {
    ...{ stores, issuer, database },
    moveClock: (milliseconds: number) => clock.moveClock(milliseconds),
    images: imageMaker(stores.storage, database),
    send: caller(registeredRoutes()),
    /** Headers of a caller with these roles; without any, of an uploader. */
    as: async (oid: string, ...roles: string[]) => ({
      authorization: `Bearer ${await issuer.token({ oid, roles: roles.length === 0 ? ['Uploader'] : roles })}`,
    }),
    async close() {
      await Promise.all([database.close(), composition.close()]);
      await issuer.close();
      await stores.stop();
    },
  };
}

export type ImageFunctions = Awaited<ReturnType<typeof startImageFunctions>>;
