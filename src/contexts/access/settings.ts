import type { Reader } from '#platform/config/reader';
import { isLocalRun } from '#platform/config/settings';

export abstract class AccessSettings {
  /** The company's identity provider; null in a local run. */
  abstract readonly auth: {
    issuer: string;
    audience: string;
    jwksUrl: string;
    /** The service's client at the identity provider; null: browsers cannot sign in, only bearer tokens are accepted. */
    clientId: string | null;
    /** null: a public client, which proves itself by PKCE alone. */
    clientSecret: string | null;
    scopes: string;
    /** Further conditions on access tokens. `types` in lower case; an empty `clients` allows every client. */
    tokens: { types: string[]; clients: string[]; requiredScopes: string[]; maxSeconds: number };
  } | null;
  /** How long browsers stay signed in. `recentMinutes`: how recent a sign-in must be for sensitive acts; 0: any sign-in counts. */
  abstract readonly sessions: { idleMinutes: number; hours: number; recentMinutes: number };
  /** The file in which `npm start` reports that it is loading the demo; null except in a local run. */
  abstract readonly demoStateFile: string | null;
}

export function accessSettings(reader: Reader): AccessSettings {
  const localRun = isLocalRun(reader);
  return {
    auth: localRun ? null : identity(reader),
    sessions: {
      idleMinutes: reader.number('SESSION_IDLE_MINUTES', 60, 1, 10_080),
      hours: reader.number('SESSION_HOURS', 12, 1, 168),
      recentMinutes: reader.number('RECENT_SIGN_IN_MINUTES', 240, 0, 10_080),
    },
    demoStateFile: localRun ? reader.text('DEMO_STATE_FILE') : null,
  };
}

function identity(reader: Reader): AccessSettings['auth'] {
  const issuer = reader.required('AUTH_ISSUER', "the identity provider's issuer");
  reader.url('AUTH_ISSUER', issuer);
  return {
    // Compared letter by letter: with some providers it ends in a slash.
    issuer,
    audience: reader.required('AUTH_AUDIENCE', 'the audience that access tokens name'),
    jwksUrl: reader.url('AUTH_JWKS_URL', reader.required('AUTH_JWKS_URL', "the address of the issuer's key set")),
    clientId: reader.text('AUTH_CLIENT_ID'),
    clientSecret: reader.text('AUTH_CLIENT_SECRET'),
    scopes: reader.text('AUTH_SCOPES') ?? 'openid profile email',
    tokens: tokenPolicy(reader),
  };
}

function tokenPolicy(reader: Reader): NonNullable<AccessSettings['auth']>['tokens'] {
  const types = reader.list('AUTH_TOKEN_TYPES', ['at+jwt']).map((type) => type.toLowerCase());
  const clients = reader.list('AUTH_CLIENTS', []);
  if (types.some((type) => type !== 'at+jwt' && type !== 'jwt'))
    reader.faults.push('AUTH_TOKEN_TYPES must hold nothing but at+jwt and JWT, separated by a comma.');
  const ownClients = [...clients, reader.text('AUTH_CLIENT_ID')];
  if (types.includes('jwt') && ownClients.includes(reader.text('AUTH_AUDIENCE') ?? ''))
    reader.faults.push(
      'AUTH_AUDIENCE is a client id: with AUTH_TOKEN_TYPES=JWT no access token could be told from an ID token. ' +
        'Give the API an audience of its own.',
    );
  return {
    types,
    clients,
    requiredScopes: (reader.text('AUTH_REQUIRED_SCOPE') ?? '').split(/\s+/).filter((scope) => scope !== ''),
    maxSeconds: reader.number('AUTH_TOKEN_MAX_SECONDS', 86_400, 60, 31_536_000),
  };
}
