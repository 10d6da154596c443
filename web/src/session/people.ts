import { answer, api, type Schemas } from '../api/client';

export type DemoPerson = Schemas['DemoPersonResponse'];

/** The demo users of every team. */
export const demoPeople = (): Promise<DemoPerson[]> => answer(api.GET('/dev/users'));

export type DemoState = Schemas['DemoStateResponse'];

/** Whether `npm start` is still loading the demo. */
export const demoState = (): Promise<DemoState> => answer(api.GET('/dev/demo'));

/** Signs in as a demo user. */
export async function signInAs(person: DemoPerson): Promise<void> {
  await answer(api.POST('/dev/sessions', { body: { user_id: person.id } }));
}
