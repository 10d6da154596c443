import type { JWTHeaderParameters, JWTPayload } from 'jose';
import { scopesIn } from '#kernel/scopes';
import type { VerifiedClient } from '../../domain/service-accounts.js';

/** What the installation requires of access tokens beyond signature, issuer, audience and expiry. */
export interface TokenPolicy {
  /** Lower-case, without `application/`. */
  types: readonly string[];
  /** Clients whose tokens are accepted; empty: every client of the provider. */
  clients: readonly string[];
  /** The client id of our console. Tokens for it are ID tokens. */
  clientId: string | null;
  /** All of these must be granted. */
  requiredScopes: readonly string[];
  /** The longest lifetime of a token, in seconds. */
  maxSeconds: number;
}

/** Seconds that the provider's clock may be ahead of ours. */
const clockSkew = 60;

/** Claims that occur only in ID tokens and logout tokens, and the values by which Keycloak and Cognito mark ID tokens. */
const foreignClaims = ['nonce', 'at_hash', 'c_hash', 's_hash', 'events'];
const idTokenValues = [
  ['typ', 'ID'],
  ['token_use', 'id'],
] as const;

/** Tokens without a type count as `JWT`; jose does not check that a type is text. */
function typeOf(header: JWTHeaderParameters): string {
  const typ: unknown = header.typ ?? 'jwt';
  return typeof typ === 'string' ? typ.toLowerCase().replace(/^application\//, '') : '';
}

const listOf = (claim: unknown): unknown[] =>
  typeof claim === 'string' ? claim.split(' ') : Array.isArray(claim) ? claim : [];

/** Every claim in which providers name the client. `azp` occurs in ID tokens too. */
const clientsOf = ({ client_id, cid, azp }: JWTPayload): unknown[] =>
  [client_id, cid, azp].filter((claim) => claim !== undefined);

const grantedBy = ({ scope, scp }: JWTPayload): unknown[] => [...listOf(scope), ...listOf(scp)];

type Rule = (claims: JWTPayload, header: JWTHeaderParameters, policy: TokenPolicy, now: Date) => boolean;

/** The rules, by the name under which the log reports that one is broken. */
const rules: Record<string, Rule> = {
  type: (_, header, { types }) => types.includes(typeOf(header)) && !('b64' in header),
  'no ID token': (claims) =>
    !foreignClaims.some((claim) => claim in claims) && !idTokenValues.some(([claim, value]) => claims[claim] === value),
  'recognisably for access': (claims, header, { clientId, clients }) =>
    typeOf(header) === 'at+jwt' ||
    (['scope', 'scp', 'client_id', 'cid'].some((claim) => claim in claims) &&
      !listOf(claims.aud).some((party) => party === clientId || clients.includes(party as string))),
  client: (claims, _, { clients }) => {
    const named = clientsOf(claims);
    return clients.length === 0 || (named.length > 0 && named.every((client) => clients.includes(client as string)));
  },
  scope: (claims, _, { requiredScopes }) => {
    const granted = grantedBy(claims);
    return requiredScopes.every((wanted) => granted.includes(wanted));
  },
  age: ({ iat = Infinity, exp = Infinity }, _, { maxSeconds }, now) =>
    iat <= now.getTime() / 1000 + clockSkew && exp - iat <= maxSeconds,
};

/** The name of the first rule that a verified token breaks; null when it is an access token that is accepted here. */
export const brokenRule = (
  claims: JWTPayload,
  header: JWTHeaderParameters,
  policy: TokenPolicy,
  now: Date,
): string | null => Object.entries(rules).find(([, holds]) => !holds(claims, header, policy, now))?.[0] ?? null;

/**
 * The client of a verified token that was given to the client itself, without a person (`client_credentials`); null: it names a person.
 * The subject is then the client's id (RFC 9068, section 2.2), with Auth0 followed by `@clients`. Entra says it in `idtyp`. A token
 * that a person got through the same client has their own subject.
 */
export function machineClientIn(claims: JWTPayload): VerifiedClient | null {
  const [clientId, another] = new Set(clientsOf(claims));
  const { iss: issuer, sub } = claims;
  if (typeof clientId !== 'string' || another !== undefined || issuer === undefined) return null;
  const isItself = sub === clientId || sub === `${clientId}@clients` || claims['idtyp'] === 'app';
  return isItself ? { issuer, clientId, scopes: scopesIn(grantedBy(claims)) } : null;
}
