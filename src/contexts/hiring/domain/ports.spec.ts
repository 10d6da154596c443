import { hiringErasingContract } from '../../../../test/contracts/hiring/erasing.contract.js';
import { hiringRecordsContract } from '../../../../test/contracts/hiring/records.contract.js';
import { HiringWorld } from '../../../../test/fakes/hiring/world.js';

/** The fakes pass the suite that the adapters pass in `adapters/postgres/ports.db-spec.ts`. */
const fakes = () => {
  const world = new HiringWorld();
  return Object.assign(world, {
    countedChecks: async (teamId: string, candidateId: string) =>
      world.erasures.proofs.get(`${teamId}/${candidateId}`)?.checks ?? [],
  });
};

hiringRecordsContract('in memory', fakes);
hiringErasingContract('in memory', fakes);
