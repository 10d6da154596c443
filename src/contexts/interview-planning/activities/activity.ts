import type { Provider, Type } from '@nestjs/common';
import type { ContextSchema } from '#platform/database/context-schema';
import type { ActivityKind, ActivityName } from '../domain/activity-kind.js';

/** What a kind of activity declares. Its folder holds all of it; `index.ts` lists it. */
export interface Activity {
  /** The stored name. It never changes. */
  readonly type: string;
  /** What API and console call it, for kinds whose stored name is another. */
  readonly shownAs?: ActivityName;
  /** What "Add activity" calls it. */
  readonly label: string;
  /** The fields of `POST /job_stages/{id}/items`, with `type`. */
  readonly NewItem: Type<object>;
  /** The fields of `PATCH /job_stage_items/{id}`. */
  readonly ItemChange: Type<object>;
  /** What the API shows of its configuration, for kinds that store one. */
  readonly Shown?: Type<object>;
  /** Its rules. */
  readonly Kind: Type<ActivityKind>;
  /** Ports and use cases of its own. */
  readonly providers?: readonly Provider[];
  /** Routes of its own, for kinds that have a state for each application. */
  readonly controllers?: readonly Type<object>[];
  /** Tables of its own, with what their text columns hold. */
  readonly migrations?: ContextSchema['migrations'];
  readonly columns?: ContextSchema['columns'];
}
