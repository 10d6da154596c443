import type { Row } from './table.js';
import type { CallerName } from './callers.js';
import { type Place, type PlaceName, placeNames, placesOf, type World } from './world.js';

const initial: Record<PlaceName, string> = { own: 'o', other: 't', secret: 's', foreign: 'f' };

/** The places in a cell of a row: `ot` means own and other. */
export const placesIn = (cell: string): PlaceName[] => placeNames.filter((name) => cell.includes(initial[name]));

/** The places, written as a cell of the tables. */
export const asCell = (names: Iterable<PlaceName>): string => {
  const found = new Set(names);
  return (
    placeNames
      .filter((name) => found.has(name))
      .map((name) => initial[name])
      .join('') || '-'
  );
};

const ofJob = ({ mark, email, jobId, stageId, itemId, candidateId, applicationId }: Place): string[] => [
  ...[mark, email, jobId, stageId, itemId, candidateId, applicationId],
];
const ofCheck = ({ checkId, caseId, deliveryIds }: Place): string[] => [checkId, caseId, ...deliveryIds];

/** The hidden values that a text contains, according to the tables. */
export function leaksIn(text: string, caller: CallerName, world: World, sees: Row, receives: Row, path = ''): string[] {
  const places = placesOf(world);
  const hidden = placeNames.flatMap((name) => [
    ...(placesIn(sees[caller]).includes(name) ? [] : ofJob(places[name])),
    ...(placesIn(receives[caller]).includes(name) ? [] : ofCheck(places[name])),
  ]);
  // An audit entry with withheld contents still shows the id of its entity.
  const entries = path.includes('/audit_log') ? placesIn(sees[caller]).map((name) => places[name].checkId) : [];
  return hidden.filter((secret) => !entries.includes(secret) && text.toLowerCase().includes(secret.toLowerCase()));
}

/** Whether a text contains a result. Rejected applications use another word. */
export const revealsResult = (text: string): boolean => /"reject"/i.test(text);
