import type { Client } from 'openapi-fetch';
import { answer, api, type Schemas } from '../api/client';

export interface DemoPerson {
  id: string;
  name: string;
  email: string;
  access_level: Schemas['MeResponse']['access_level'];
  team: { id: string; name: string };
}

export interface DemoState {
  /** The demo data is being loaded and is not complete yet. */
  loading: boolean;
  /** The current step. */
  step: string | null;
}

interface Answered<T> {
  responses: { 200: { content: { 'application/json': T } } };
}

/** The routes that only a local run has. The description of the API leaves them out. */
interface LocalRun {
  '/dev/users': { get: Answered<DemoPerson[]> };
  '/dev/demo': { get: Answered<DemoState> };
  '/dev/sessions': {
    post: { requestBody: { content: { 'application/json': { user_id: string } } }; responses: { 204: object } };
  };
}
const localRun = api as unknown as Client<LocalRun>;

/** The demo users of every team. */
export const demoPeople = (): Promise<DemoPerson[]> => answer(localRun.GET('/dev/users'));

/** Whether `npm start` is still loading the demo. */
export const demoState = (): Promise<DemoState> => answer(localRun.GET('/dev/demo'));

/** Signs in as a demo user. */
export async function signInAs(person: DemoPerson): Promise<void> {
  await answer(localRun.POST('/dev/sessions', { body: { user_id: person.id } }));
}
