import { Button, Group, Radio, Stack, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import type { ReactNode } from 'react';
import type { Months } from './retention';
import type { Rule } from './rules';

interface Filled {
  kept: 'for_ever' | 'for_months';
  months: string;
}

interface RuleFormProps {
  words: Rule['form'];
  present: Months;
  onChoose: (months: Months) => void;
}

/** The form of a rule. The confirmation follows. */
export function RuleForm({ words, present, onChoose }: RuleFormProps): ReactNode {
  const form = useForm<Filled>({
    initialValues: { kept: present === null ? 'for_ever' : 'for_months', months: present === null ? '' : `${present}` },
    validate: {
      kept: (kept) => (kept === 'for_ever' && present === null ? already : null),
      months: (months, { kept }) => (kept === 'for_months' ? errorOf(months, present) : null),
    },
  });
  const { kept } = form.values;
  return (
    <form
      onSubmit={form.onSubmit(
        (filled) => onChoose(monthsOf(filled)),
        ({ months }) => months !== undefined && form.getInputNode('months')?.focus(),
      )}
      noValidate
    >
      <Stack>
        <Radio.Group label={words.label} {...form.getInputProps('kept')}>
          <Stack gap="sm" mt="xs">
            <Radio value="for_ever" label={words.indefinitely} />
            <Radio value="for_months" label={words.forMonths} />
          </Stack>
        </Radio.Group>
        {kept === 'for_months' && (
          <TextInput
            label="Months"
            description={words.months}
            inputMode="numeric"
            autoComplete="off"
            maw={352}
            pl={32}
            {...form.getInputProps('months')}
          />
        )}
        <Group>
          <Button type="submit">Save</Button>
        </Group>
      </Stack>
    </form>
  );
}

const monthsOf = ({ kept, months }: Filled): Months => (kept === 'for_ever' ? null : Number(months));

const already = 'No changes to save';

function errorOf(months: string, present: Months): string | null {
  const chosen = Number(months);
  if (!/^\s*\d+\s*$/.test(months) || chosen < 1 || chosen > 120) return 'Enter a whole number of months from 1 to 120';
  return chosen === present ? already : null;
}
