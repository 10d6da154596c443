import { anId } from '../../../../test/fakes/platform.js';
import type { DueStream } from './deliveries.js';
import { busyWith, fitting, sendLimits } from './send-limits.js';

const stream = (teamId: string, endpointId = anId(), isFailing = false): DueStream => ({
  ...{ teamId, endpointId, isFailing },
  subject: anId(),
});
const many = (count: number, make: () => DueStream): DueStream[] => Array.from({ length: count }, make);
const byTeam = (streams: DueStream[], teamId: string): number => streams.filter((one) => one.teamId === teamId).length;

describe('What one process sends at a time', () => {
  it('is eight to an endpoint, and one while it fails', () => {
    const [well, failing] = [anId(), anId()];
    const due = [...many(20, () => stream('a', well)), ...many(20, () => stream('b', failing, true))];
    const chosen = fitting(due, []);
    expect([byTeam(chosen, 'a'), byTeam(chosen, 'b')]).toEqual([8, 1]);
    expect(fitting(due, chosen)).toEqual([]);
    expect(busyWith(chosen).endpointIds).toEqual([well, failing]);
  });

  it('is 32 for a team, so that others have room however many of its endpoints hang', () => {
    const due = [...many(100, () => stream('loud')), stream('quiet')];
    const chosen = fitting(due, []);
    expect([byTeam(chosen, 'loud'), byTeam(chosen, 'quiet')]).toEqual([32, 1]);
    expect(busyWith(chosen)).toEqual({ teamIds: ['loud'], endpointIds: [] });
  });

  it('is 256 in all', () => {
    let team = 0;
    const chosen = fitting(
      many(300, () => stream(`team-${(team += 1)}`)),
      [],
    );
    expect(chosen).toHaveLength(sendLimits.all);
    expect(fitting([stream('another')], chosen)).toEqual([]);
  });
});
