import type { Row } from './table.js';
import type { CallerName } from './callers.js';
import { type Place, type PlaceName, placeNames, placesOf, type World } from './world.js';

const initial: Record<PlaceName, string> = { own: 'o', other: 't', secret: 's', foreign: 'f' };

/** A row's cell in places: `ot` is own and other. */
export const placesIn = (cell: string): PlaceName[] => placeNames.filter((name) => cell.includes(initial[name]));

/** Places as a cell of the tables. */
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

/** What of the hidden stands in a text, by the tables' own word on who sees and hears what. */
export function leaksIn(text: string, caller: CallerName, world: World, sees: Row, hears: Row, path = ''): string[] {
  const places = placesOf(world);
  const hidden = placeNames.flatMap((name) => [
    ...(placesIn(sees[caller]).includes(name) ? [] : ofJob(places[name])),
    ...(placesIn(hears[caller]).includes(name) ? [] : ofCheck(places[name])),
  ]);
  // An entry of the audit log stays, with the id it is about, where what it says is withheld.
  const entries = path.includes('/audit_log') ? placesIn(sees[caller]).map((name) => places[name].checkId) : [];
  return hidden.filter((secret) => !entries.includes(secret) && text.toLowerCase().includes(secret.toLowerCase()));
}

/** Whether a text tells a result. The word for rejected applications is another one. */
export const revealsResult = (text: string): boolean => /"reject"/i.test(text);
