import { Button, Group, Radio, Stack, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import type { ReactNode } from 'react';
import type { Months } from './retention';

interface Filled {
  kept: 'for_ever' | 'for_months';
  months: string;
}

interface RuleFormProps {
  present: Months;
  onWish: (wish: Months) => void;
}

/** What the rule shall be. Asking whether it is meant so comes afterwards. */
export function RuleForm({ present, onWish }: RuleFormProps): ReactNode {
  const form = useForm<Filled>({
    initialValues: { kept: present === null ? 'for_ever' : 'for_months', months: present === null ? '' : `${present}` },
    validate: {
      kept: (kept) => (kept === 'for_ever' && present === null ? already : null),
      months: (months, { kept }) => (kept === 'for_months' ? complaintOf(months, present) : null),
    },
  });
  const { kept } = form.values;
  return (
    <form
      onSubmit={form.onSubmit(
        (filled) => onWish(wishOf(filled)),
        ({ months }) => months !== undefined && form.getInputNode('months')?.focus(),
      )}
      noValidate
    >
      <Stack>
        <Radio.Group label="How long candidates are kept" {...form.getInputProps('kept')}>
          <Stack gap="sm" mt="xs">
            <Radio value="for_ever" label="Keep candidates' data for ever" />
            <Radio
              value="for_months"
              label="Anonymise candidates some months after their last application was closed"
            />
          </Stack>
        </Radio.Group>
        {kept === 'for_months' && (
          <TextInput
            label="Months"
            description="From 1 to 120. Candidates who never applied are anonymised that long after they were added."
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

const wishOf = ({ kept, months }: Filled): Months => (kept === 'for_ever' ? null : Number(months));

const already = 'This is the rule already.';

function complaintOf(months: string, present: Months): string | null {
  const wish = Number(months);
  if (!/^\s*\d+\s*$/.test(months) || wish < 1 || wish > 120) return 'Give a whole number of months, from 1 to 120.';
  return wish === present ? already : null;
}
