import { IconCalendarEvent } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { NameForm } from '../../jobs/NameForm';
import type { Activity, AddProps, ChangeProps } from '../activity';
import { PlainActivity } from '../PlainActivity';

function AddInterview({ add, onCancel }: AddProps): ReactNode {
  const act = { ...add, run: (name: string) => add.run({ type: 'interview', name }) };
  return <NameForm label="Interview name" verb="Add interview" act={act} onCancel={onCancel} />;
}

function RenameInterview({ item, change, onCancel }: ChangeProps): ReactNode {
  const act = { ...change, run: (name: string) => change.run({ name }) };
  return <NameForm label="Interview name" name={item.display_name} verb="Rename" act={act} onCancel={onCancel} />;
}

/** People meet the candidate. */
export const interview: Activity = {
  Icon: IconCalendarEvent,
  Add: AddInterview,
  Change: RenameInterview,
  verb: { text: 'Rename', named: true },
  removal: 'It is removed from the plan of every candidate on this job.',
  Placed: PlainActivity,
};
