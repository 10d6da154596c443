import type { Icon } from '@tabler/icons-react';
import type { ComponentType } from 'react';
import type { RequestBody, Schemas } from '../api/client';
import type { Recipient } from '../checks/SendCheckForm';
import type { PlanItem } from '../checks/words';
import type { Item } from '../jobs/plan';
import type { Act } from '../shell/useAct';

/** What can be added to a plan now. Background checks name their vendor. */
export type OfferedActivity = Schemas['ActivityTypeResponse'];
export type ActivityType = OfferedActivity['type'];

export type NewItem = RequestBody<'createActivity'>;
export type ItemChange = RequestBody<'updateActivity'>;

export interface AddProps {
  /** What was chosen. */
  kind: OfferedActivity;
  /** Adds the activity; it shows no error itself. */
  add: Act<NewItem>;
  onCancel: () => void;
}

export interface ChangeProps {
  item: Item;
  /** Changes the activity; it shows no error itself. */
  change: Act<ItemChange>;
  onCancel: () => void;
}

/** How the console draws one kind of activity. */
export interface Activity {
  Icon: Icon;
  /** The form that adds one. */
  Add: ComponentType<AddProps>;
  /** The form that changes one. */
  Change: ComponentType<ChangeProps>;
  /** The button that opens that form; with `named`, its name ends with the activity's. */
  verb: { text: string; named: boolean };
  /** What stands below its name in a plan. */
  Details?: ComponentType<{ item: Item; mayEdit: boolean }>;
  /** What its removal from a plan means. */
  removal: string;
  /** An activity on an Application tab. */
  Placed: ComponentType<{ item: PlanItem; recipient: Recipient }>;
  /** Says on the plan why it cannot be added now. */
  NotOffered?: ComponentType;
}
