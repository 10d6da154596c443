import { scopes } from '../../../src/kernel/scopes.js';
import type { RunningApp } from '../app.js';
import { aMachine } from '../machines.js';
import { aColleague, Person } from '../people.js';
import type { Place, World } from './world.js';

/** The callers, in the order of the tables' columns. */
export const callers = [
  'admin',
  'themself',
  'standard',
  'confidant',
  'manager',
  'sender',
  'reader',
  'viewer',
  'outsider',
  'stranger',
  'disabled',
  'visitor',
  'robot',
  'clerk',
  'runner',
] as const;
export type CallerName = (typeof callers)[number];
export type Callers = Record<CallerName, Person>;

/**
 * admin; themself: an admin who is the candidate on `own`; standard: no permission anywhere; confidant: standard, granted
 * `view_results` on `secret`; manager, sender, reader, viewer: limited, granted `manage`, `send_checks`, `view_results`,
 * nothing on `own`; outsider: restricted, granted nothing; stranger: the other team's admin; disabled: a disabled admin. Service
 * accounts with a key: robot, an admin with every scope; clerk, an admin with every scope to read but the results; runner, limited,
 * with every scope, granted `send_checks` and `view_results` on `own`.
 */
export async function invite(app: RunningApp, { home, away }: World): Promise<Callers> {
  const { admin } = home.team;
  const { own, secret } = home.places;
  const limited = () => aColleague(admin, 'limited');
  const people: Callers = {
    admin,
    themself: await aColleague(admin, 'admin', { linked_candidate_ids: [own.candidateId] }),
    standard: await aColleague(admin, 'standard'),
    confidant: await aColleague(admin, 'standard'),
    manager: await limited(),
    sender: await limited(),
    reader: await limited(),
    viewer: await limited(),
    outsider: await aColleague(admin, 'restricted'),
    stranger: away.team.admin,
    disabled: await aColleague(admin, 'admin'),
    visitor: new Person(app.url, 'visitor', ''),
    robot: await aMachine(admin),
    clerk: await aMachine(admin, { scopes: scopes.filter((one) => one.endsWith(':read') && one !== 'results:read') }),
    runner: await aMachine(admin, { access_level: 'limited' }),
  };
  await admin.patch(`/users/${people.disabled.id}`, { disabled: true });
  await admin.put(`/jobs/${own.jobId}/permissions`, permissionsOn(own, people));
  await admin.put(`/jobs/${secret.jobId}/permissions`, permissionsOn(secret, people));
  return people;
}

/** The permissions of each job, which stay the same during the tests. */
export function permissionsOn({ name }: Place, people: Callers): { user_id: string; permissions: string[] }[] {
  if (name === 'secret') return [{ user_id: people.confidant.id, permissions: ['view_results'] }];
  if (name !== 'own') return [];
  return [
    { user_id: people.manager.id, permissions: ['manage'] },
    { user_id: people.sender.id, permissions: ['send_checks'] },
    { user_id: people.reader.id, permissions: ['view_results'] },
    { user_id: people.viewer.id, permissions: [] },
    { user_id: people.runner.id, permissions: ['send_checks', 'view_results'] },
  ];
}
