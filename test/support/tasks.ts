import type { RunningApp } from './app.js';
import { aCandidate, aJob, anApplication, aStage } from './fixtures.js';
import { type Answer, aTeam, type Person } from './people.js';

interface Named {
  id: string;
  name: string;
}
export interface Item {
  id: string;
  type: string;
  display_name: string;
  package: null;
  configuration: { title: string; assignee: Named | null } | null;
}
export interface Task {
  job_stage_item_id: string;
  title: string;
  assignee: Named | null;
  done: boolean;
  done_by: Named | null;
  done_at: string | null;
  can_change: boolean;
  cannot_change_reason: string | null;
}

/** A new team with a job of one stage. */
export async function aPlan(app: RunningApp): Promise<{ admin: Person; jobId: string; stageId: string }> {
  const { admin } = await aTeam(app);
  const jobId = await aJob(admin);
  return { admin, jobId, stageId: await aStage(admin, jobId, 'References') };
}

/** A task in the stage that an active application is in. */
export async function aPlannedTask(app: RunningApp) {
  const plan = await aPlan(app);
  const { body } = await addTask(plan.admin, plan.stageId, { title: 'Call the reference' });
  const applicationId = await anApplication(plan.admin, await aCandidate(plan.admin), plan.jobId);
  return { ...plan, applicationId, itemId: body.id };
}

export const addTask = (person: Person, stageId: string, fields: object): Promise<Answer<Item>> =>
  person.post<Item>(`/job_stages/${stageId}/items`, { type: 'task', ...fields });

export const mark = (person: Person, applicationId: string, itemId: string, done: boolean): Promise<Answer<Task>> =>
  person.put<Task>(`/applications/${applicationId}/tasks/${itemId}`, { done });

export const tasksOf = async (person: Person, applicationId: string): Promise<Task[]> =>
  (await person.get<Task[]>(`/applications/${applicationId}/tasks`)).body;

export const itemsOf = async (admin: Person, jobId: string): Promise<Item[]> =>
  (await admin.get<{ items: Item[] }[]>(`/jobs/${jobId}/stages`)).body[0]?.items ?? [];

export const nameOf = async (admin: Person, id: string): Promise<string> =>
  (await admin.get<{ name: string }>(`/users/${id}`)).body.name;

export const fieldsNamed = ({ body }: Answer<unknown>): string[] =>
  Object.keys((body as { errors: { json?: object } }).errors.json ?? {});
