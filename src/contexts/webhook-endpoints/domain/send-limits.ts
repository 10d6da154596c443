import type { Busy, DueStream } from './deliveries.js';

/** What one process sends at a time: in all, for one team, to one endpoint, and to one whose last attempt failed. */
export const sendLimits = { all: 256, perTeam: 32, perEndpoint: 8, perFailingEndpoint: 1 };

type Sending = Pick<DueStream, 'teamId' | 'endpointId' | 'isFailing'>;

const mostTo = (isFailing: boolean): number => (isFailing ? sendLimits.perFailingEndpoint : sendLimits.perEndpoint);

function countsOf(sending: Iterable<Sending>) {
  const teams = new Map<string, number>();
  const endpoints = new Map<string, { count: number; isFailing: boolean }>();
  const add = ({ teamId, endpointId, isFailing }: Sending): void => {
    teams.set(teamId, (teams.get(teamId) ?? 0) + 1);
    const before = endpoints.get(endpointId);
    endpoints.set(endpointId, { count: (before?.count ?? 0) + 1, isFailing: isFailing || before?.isFailing === true });
  };
  for (const one of sending) add(one);
  return { teams, endpoints, add };
}

/** Teams and endpoints that can take no more beside what is being sent. */
export function busyWith(sending: Iterable<Sending>): Busy {
  const { teams, endpoints } = countsOf(sending);
  return {
    teamIds: [...teams].filter(([, count]) => count >= sendLimits.perTeam).map(([id]) => id),
    endpointIds: [...endpoints].filter(([, { count, isFailing }]) => count >= mostTo(isFailing)).map(([id]) => id),
  };
}

/** Those of the due streams that fit beside what is being sent. */
export function fitting(due: readonly DueStream[], sending: readonly Sending[]): DueStream[] {
  const { teams, endpoints, add } = countsOf(sending);
  let room = sendLimits.all - sending.length;
  return due.filter((stream) => {
    const fits =
      room > 0 &&
      (teams.get(stream.teamId) ?? 0) < sendLimits.perTeam &&
      (endpoints.get(stream.endpointId)?.count ?? 0) < mostTo(stream.isFailing);
    if (!fits) return false;
    room -= 1;
    add(stream);
    return true;
  });
}
