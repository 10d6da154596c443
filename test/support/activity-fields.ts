import { plainToInstance } from 'class-transformer';
import { validate } from 'class-validator';
import type { Activity } from '../../src/contexts/interview-planning/activities/activity.js';

/** The fields that an activity refuses in the body of a POST. Unknown fields are refused too, as the service does. */
export const refusedInNew = ({ type, NewItem }: Activity, body: object): Promise<string[]> =>
  refused(NewItem, { type, ...body });

/** The same for a PATCH. */
export const refusedInChange = ({ ItemChange }: Activity, body: object): Promise<string[]> => refused(ItemChange, body);

async function refused(fields: new () => object, body: object): Promise<string[]> {
  const errors = await validate(plainToInstance(fields, body), { whitelist: true, forbidNonWhitelisted: true });
  return errors.map(({ property }) => property);
}
