import { answer, api, type Schemas } from '../api/client';

export type DemoPerson = Schemas['DemoPersonResponse'];

/** The demo people of every team. */
export const demoPeople = (): Promise<DemoPerson[]> => answer(api.GET('/dev/users'));

/** Becomes one of them. */
export async function signInAs(person: DemoPerson): Promise<void> {
  await answer(api.POST('/dev/sessions', { body: { user_id: person.id } }));
}
