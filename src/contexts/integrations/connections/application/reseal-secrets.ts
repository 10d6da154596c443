import { UnreadableSecret } from '#kernel/errors';
import { type Audit, operatorFor, type UnitOfWork } from '#kernel/ports';
import type { Keyring } from '#platform/secrets/keyring';
import type { SealedSecrets, StoredSecret } from '../domain/sealed-secrets.js';
import { apiKeyPlace, webhookSecretPlace } from '../domain/secret-places.js';

/** A secret that is left unchanged because no key of the keyring opens it. */
export interface UnopenedSecret extends Omit<StoredSecret, 'sealed'> {
  why: UnreadableSecret['why'];
  /** The name of the key that sealed it. */
  kid: string;
}

export interface Resealing {
  resealed: number;
  unopened: UnopenedSecret[];
  /** Teams that still have secrets sealed with an older key, because a replica sealed one meanwhile. */
  leftTeams: number;
}

/**
 * Seals all secrets with the newest key of the keyring, while the service runs. Each team is one transaction with its audit
 * entry, so an interrupted run loses nothing and can be repeated.
 */
export async function resealSecrets(
  stored: SealedSecrets,
  keyring: Keyring,
  unitOfWork: UnitOfWork,
  audit: Audit,
): Promise<Resealing> {
  const unopened: UnopenedSecret[] = [];
  let resealed = 0;
  for (const teamId of await stored.teamsNotSealedWith(keyring.newest)) {
    const team = await unitOfWork.run(() => resealTeam(teamId, stored, keyring, audit));
    resealed += team.resealed;
    unopened.push(...team.unopened);
  }
  const failing = new Set(unopened.map(({ teamId }) => teamId));
  const left = (await stored.teamsNotSealedWith(keyring.newest)).filter((teamId) => !failing.has(teamId));
  return { resealed, unopened, leftTeams: left.length };
}

async function resealTeam(teamId: string, stored: SealedSecrets, keyring: Keyring, audit: Audit) {
  const unopened: UnopenedSecret[] = [];
  let resealed = 0;
  for (const secret of await stored.ofTeam(teamId)) {
    if (keyring.isCurrent(secret.sealed)) continue;
    const sealed = reseal(secret, keyring);
    if (typeof sealed !== 'string') unopened.push(sealed);
    // `replace` fails when another secret was saved meanwhile, already sealed by the saving request.
    else if (await stored.replace(secret, sealed)) resealed += 1;
  }
  const to = { command: 'secrets:rotate', key: keyring.newest, resealed, unopened: unopened.length };
  await audit.record(operatorFor(teamId), { action: 'secrets.rotate', entity: 'team', entityId: teamId, to });
  return { resealed, unopened };
}

function reseal({ sealed, ...where }: StoredSecret, keyring: Keyring): string | UnopenedSecret {
  const { teamId, connectionId, column } = where;
  const place = column === 'api_key' ? apiKeyPlace(teamId, connectionId) : webhookSecretPlace(teamId, connectionId);
  try {
    return keyring.seal(keyring.open(sealed, place), place);
  } catch (error) {
    if (!(error instanceof UnreadableSecret)) throw error;
    return { ...where, why: error.why, kid: error.kid };
  }
}
