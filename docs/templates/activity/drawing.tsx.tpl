import { IconCircleDashed } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { NameForm } from '../../jobs/NameForm';
import type { Activity, AddProps, ChangeProps } from '../activity';
import { PlainActivity } from '../PlainActivity';

function Add{{pascalCase name}}({ add, onCancel }: AddProps): ReactNode {
  const act = { ...add, run: (name: string) => add.run({ type: '{{type}}', name }) };
  return <NameForm label="{{sentenceCase name}} name" verb="Add {{words}}" act={act} onCancel={onCancel} />;
}

function Rename{{pascalCase name}}({ item, change, onCancel }: ChangeProps): ReactNode {
  const act = { ...change, run: (name: string) => change.run({ name }) };
  return (
    <NameForm label="{{sentenceCase name}} name" name={item.display_name} verb="Rename" act={act} onCancel={onCancel} />
  );
}

/** Write me: how the console draws it. */
export const {{camelCase name}}: Activity = {
  Icon: IconCircleDashed,
  Add: Add{{pascalCase name}},
  Change: Rename{{pascalCase name}},
  verb: { text: 'Rename', named: true },
  removal: 'It is removed from the plan of every candidate on this job.',
  Placed: PlainActivity,
};
