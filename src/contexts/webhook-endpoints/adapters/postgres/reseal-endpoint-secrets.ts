import type { EntityManager } from '@mikro-orm/postgresql';
import { sql } from 'kysely';
import { UnreadableSecret } from '#kernel/errors';
import { operatorFor } from '#kernel/ports';
import { PostgresAudit } from '#platform/audit/postgres-audit';
import type { Settings } from '#platform/config/settings';
import { Database } from '#platform/database/database';
import { PostgresUnitOfWork } from '#platform/database/unit-of-work';
import { Keyring } from '#platform/secrets/keyring';
import { secretPlace } from '../../domain/webhook-endpoint.js';

interface Stored {
  teamId: string;
  id: string;
  column: 'secret' | 'previous_secret';
  sealed: string;
}

/** A secret that is left unchanged because no key of the keyring opens it. */
export interface UnopenedEndpointSecret extends Omit<Stored, 'sealed'> {
  why: UnreadableSecret['why'];
  kid: string;
}

const stored = sql`
  webhook_endpoints.endpoint e
  cross join lateral (values ('secret', e.secret), ('previous_secret', e.previous_secret)) as one ("column", sealed)`;

/**
 * Seals the secrets of all endpoints with the newest key, while the service runs. Each team is one transaction. `left`: how many were
 * saved with an older key meanwhile.
 */
export async function resealEndpointSecrets(
  em: EntityManager,
  keys: Settings['credentialsKeys'],
): Promise<{ resealed: number; unopened: UnopenedEndpointSecret[]; left: number }> {
  const [database, keyring] = [new Database(em), new Keyring(keys)];
  const [unitOfWork, audit] = [new PostgresUnitOfWork(em), new PostgresAudit(database)];
  const olderOnes = (): Promise<Stored[]> =>
    database.rows(sql<Stored>`
      select e.team_id as "teamId", e.id, one."column", one.sealed from ${stored}
      where one.sealed is not null and split_part(one.sealed, '.', 1) <> ${keyring.newest} order by 1, 2, 3`);
  const unopened: UnopenedEndpointSecret[] = [];
  let resealed = 0;
  for (const [teamId, secrets] of Map.groupBy(await olderOnes(), (one) => one.teamId)) {
    await unitOfWork.run(async () => {
      const before = unopened.length;
      const changed: Stored[] = [];
      for (const one of secrets) {
        const sealed = sealedAgain(one, keyring);
        if (typeof sealed !== 'string') unopened.push(sealed);
        else if ((await database.affected(replacing(one, sealed))) === 1) changed.push(one);
      }
      resealed += changed.length;
      const counts = { resealed: changed.length, unopened: unopened.length - before };
      const to = { command: 'secrets:rotate', key: keyring.newest, ...counts };
      await audit.record(operatorFor(teamId), { action: 'secrets.rotate', entity: 'team', entityId: teamId, to });
    });
  }
  return { resealed, unopened, left: (await olderOnes()).length - unopened.length };
}

/** Changes nothing when another secret was saved meanwhile. */
const replacing = ({ teamId, id, column, sealed }: Stored, next: string) => sql`
  update webhook_endpoints.endpoint set ${sql.ref(column)} = ${next}
  where team_id = ${teamId} and id = ${id} and ${sql.ref(column)} = ${sealed}`;

function sealedAgain({ sealed, ...where }: Stored, keyring: Keyring): string | UnopenedEndpointSecret {
  const place = secretPlace(where.teamId, where.id);
  try {
    return keyring.seal(keyring.open(sealed, place), place);
  } catch (error) {
    if (!(error instanceof UnreadableSecret)) throw error;
    return { ...where, why: error.why, kid: error.kid };
  }
}
