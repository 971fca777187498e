import { makeDirectory } from '../../shared/platform/auth/directory.ts';
import { personOf } from '../../shared/platform/auth/person.ts';
import { makeExplainRights } from '../../shared/database/rights/why.ts';
import { credentialOf } from '../../shared/platform/credential.ts';
import { composition } from '../composition.ts';
import { registerRoute } from '../register-route.ts';
import { explainRightsRoute } from './routes.ts';

/** Microsoft Graph takes this app's identity; the one on this machine asks nobody. */
function directory() {
  const {
    DARKROOM_DIRECTORY: address,
    DARKROOM_TOKEN_AUDIENCE: audience,
    DARKROOM_DATABASE_CLIENT_ID: clientId,
  } = composition.settings();
  if (address === undefined) return undefined;
  const { protocol, origin } = new URL(address);
  const credential = credentialOf(clientId);
  const token = async () =>
    protocol === 'https:' ? ((await credential.getToken(`${origin}/.default`))?.token ?? '') : '';
  return makeDirectory({ address, audience, token });
}

registerRoute(explainRightsRoute, async ({ body, principal, log }) => {
  const person = await personOf(body.person, directory());
  const explain = makeExplainRights(await composition.database());
  const explanation = await explain(person, body.object);
  // Who asked about what; the person's name is in no log.
  log.info('rights.explained', {
    ...{ object: explanation.object, allowed: explanation.allowed, actor: principal.id },
  });
  return { jsonBody: { asOf: composition.clock().now().toISOString(), person, ...explanation } };
});
