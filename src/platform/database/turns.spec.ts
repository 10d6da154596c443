import type { Pool, PoolClient } from 'pg';
import { asTeam } from './scope.js';
import { defaultShares, lanesFor } from './lanes.js';
import { lendByLane } from './turns.js';

/** A pool whose connections are never busy: all waiting is for a turn. */
function aPool(): { pool: Pool; connect: (team: string) => Promise<PoolClient> } {
  const client = { query: async () => ({ rows: [] }), release: () => undefined };
  const pool = { connect: async () => ({ ...client }) } as unknown as Pool;
  lendByLane(pool, lanesFor(defaultShares));
  return { pool, connect: (team) => asTeam(team, () => pool.connect()) };
}

describe('turns at the database', () => {
  const places = lanesFor(defaultShares).requests.places;

  it('wait for a limited amount of work of all teams together; more fails at once because the service is busy', async () => {
    const { connect } = aPool();
    const held = await Promise.all(Array.from({ length: places }, (_, nth) => connect(`holder ${nth}`)));
    let refused = 0;
    const waiting = Array.from({ length: 2_000 }, (_, nth) =>
      connect(`team ${nth}`).then(
        (client) => client.release(),
        () => void (refused += 1),
      ),
    );
    await expect(connect('one more')).rejects.toMatchObject({ kind: 'unavailable', reason: 'service_busy' });
    for (const client of held) client.release();
    await Promise.all(waiting);
    expect(refused).toBe(0);
    // A finished piece of work makes room again.
    (await connect('one more')).release();
  });
});
