import { aCandidate, aJob, anApplication, aStage, aTask } from './fixtures.js';
import { aColleague, type Answer, type Person } from './people.js';

/** A kind of thing that can be changed under the condition of its version. */
export interface VersionedThing {
  name: string;
  /** Makes one. Returns the path of its single read. */
  make: (admin: Person) => Promise<string>;
  /** Changes it to something new with each `nth`. */
  change: (admin: Person, path: string, nth: number, headers?: Record<string, string>) => Promise<Answer>;
  /** The table and the condition of its row, for a writer that goes around the service. `$1`: the id in the path. */
  row?: { table: string; set: string };
}

const idIn = (path: string): string => path.split('/')[2] ?? '';

export const versionedThings: VersionedThing[] = [
  {
    name: 'job',
    make: async (admin) => `/jobs/${await aJob(admin)}`,
    change: (admin, path, nth, headers) => admin.patch(path, { name: `Nurse ${nth}` }, headers),
    row: { table: 'hiring.job', set: "name = name || '!' where id = $1" },
  },
  {
    name: 'candidate',
    make: async (admin) => `/candidates/${await aCandidate(admin)}`,
    change: (admin, path, nth, headers) => admin.patch(path, { last_name: `Example ${nth}` }, headers),
    row: { table: 'hiring.candidate', set: "last_name = last_name || '!' where id = $1" },
  },
  {
    name: 'application',
    make: async (admin) => `/applications/${await anApplication(admin, await aCandidate(admin), await aJob(admin))}`,
    change: (admin, path, nth, headers) =>
      admin.patch(path, { status: nth % 2 === 0 ? 'active' : 'rejected' }, headers),
    row: { table: 'hiring.application', set: "status = 'hired' where id = $1" },
  },
  {
    name: 'stage of an application',
    make: async (admin) => {
      const jobId = await aJob(admin);
      await aStage(admin, jobId, 'First');
      await aStage(admin, jobId, 'Second');
      return `/applications/${await anApplication(admin, await aCandidate(admin), jobId)}`;
    },
    change: async (admin, path, nth, headers) => {
      const { body } = await admin.get<{ job_id: string }>(path);
      const stages = await admin.get<{ id: string }[]>(`/jobs/${body.job_id}/stages`);
      return admin.patch(path, { stage_id: stages.body[nth % 2]?.id }, headers);
    },
    row: { table: 'interview_planning.placement', set: 'stage_id = null where application_id = $1' },
  },
  {
    name: 'stage',
    make: async (admin) => `/job_stages/${await aStage(admin, await aJob(admin), 'Phone screen')}`,
    change: (admin, path, nth, headers) => admin.patch(path, { name: `Stage ${nth}` }, headers),
    row: { table: 'interview_planning.stage', set: "name = name || '!' where id = $1" },
  },
  {
    name: 'activity',
    make: async (admin) =>
      `/job_stage_items/${await aTask(admin, await aStage(admin, await aJob(admin), 'Phone screen'))}`,
    change: (admin, path, nth, headers) => admin.patch(path, { title: `Task ${nth}` }, headers),
    row: { table: 'interview_planning.item', set: "name = name || '!' where id = $1" },
  },
  {
    name: 'user',
    make: async (admin) => `/users/${(await aColleague(admin, 'standard')).id}`,
    change: (admin, path, nth, headers) => admin.patch(path, { name: `Grace ${nth}` }, headers),
    row: { table: 'access.user_account', set: "name = name || '!' where id = $1" },
  },
  {
    name: 'service account',
    make: async (admin) => {
      const account = { name: 'Payroll', access_level: 'standard', scopes: ['jobs:read'] };
      return `/service_accounts/${(await admin.post<{ id: string }>('/service_accounts', account)).body.id}`;
    },
    change: (admin, path, nth, headers) => admin.patch(path, { name: `Payroll ${nth}` }, headers),
    row: { table: 'access.service_account', set: "name = name || '!' where id = $1" },
  },
  {
    name: 'webhook endpoint',
    make: async (admin) => {
      const endpoint = { url: 'https://hooks.example.org/ats', event_types: ['background_check.completed'] };
      return `/webhook_endpoints/${(await admin.post<{ id: string }>('/webhook_endpoints', endpoint)).body.id}`;
    },
    change: (admin, path, nth, headers) => admin.patch(path, { description: `Payroll ${nth}` }, headers),
    row: { table: 'webhook_endpoints.endpoint', set: "description = description || '!' where id = $1" },
  },
  {
    name: 'list of job permissions',
    make: async (admin) => `/jobs/${await aJob(admin)}/permissions`,
    change: async (admin, path, nth, headers) => {
      const permissions = [['manage'], ['manage', 'send_checks'], ['manage', 'view_results']][nth % 3];
      return admin.put(path, [{ user_id: admin.id, permissions }], headers);
    },
    row: { table: 'hiring.job_permission', set: "permissions = '{view_results}' where job_id = $1" },
  },
  {
    name: 'retention rule',
    make: async () => '/retention_rule',
    change: (admin, path, nth, headers) => admin.put(path, { months: (nth % 100) + 1 }, headers),
  },
  {
    name: 'retention rule of results',
    make: async () => '/result_retention_rule',
    change: (admin, path, nth, headers) => admin.put(path, { months: (nth % 100) + 1 }, headers),
  },
];

/** A writer that knows nothing of versions, as an older release or a command at a terminal may be. */
export const writtenAround = ({ row }: VersionedThing, path: string): [sql: string, values: string[]] => [
  `update ${row?.table} set ${row?.set}`,
  [idIn(path)],
];

export const ifMatch = (tag: string): Record<string, string> => ({ 'if-match': tag });

export const statuses = (answers: Answer<unknown>[]): number[] => answers.map(({ status }) => status).sort();

/** The answers when all of them change one version at once, each to something else where the thing allows it. */
export async function changedAtOnce(
  { name, change }: VersionedThing,
  path: string,
  people: Person[],
  round: number,
): Promise<number[]> {
  const [reader] = people;
  if (!reader) throw new Error('Nobody changes anything.');
  const condition = ifMatch(tagOf(await reader.get(path)));
  const toOneState = name.includes('application');
  const changes = people.map((person, nth) => change(person, path, 10 * round + (toOneState ? round : nth), condition));
  return statuses(await Promise.all(changes));
}

export const tagOf = (answer: Answer<unknown>): string => answer.headers.get('etag') ?? '';
