import { List, Stack, Text, Title } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { type ReactNode, useId, useState } from 'react';
import { useVendorNames } from '../integrations/vendors';
import { Confirm } from '../shell/Confirm';
import { Loaded } from '../shell/states';
import { useAct } from '../shell/useAct';
import type { Months, SavedRule } from './retention';
import { RuleForm } from './RuleForm';
import { inMonths, isStricter, type Rule } from './rules';

/** How long data is kept. A change asks for confirmation, because erased data cannot be restored. */
export function RetentionRule({ rule }: { rule: Rule }): ReactNode {
  const id = useId();
  const saved = useQuery(rule.query);
  return (
    <section aria-labelledby={id}>
      <Title order={2} size="h4" id={id} mb="sm">
        {rule.title}
      </Title>
      <Loaded query={saved} what={`Loading the rule: ${rule.title}`}>
        {(present) => (
          <Stack maw={640}>
            <Text fw={600}>{rule.presently(present.months)}</Text>
            <Text size="sm">{rule.never}</Text>
            <ChangeRule rule={rule} saved={present} />
          </Stack>
        )}
      </Loaded>
    </section>
  );
}

function ChangeRule({ rule, saved: shown }: { rule: Rule; saved: SavedRule }): ReactNode {
  const { months: present } = shown;
  const client = useQueryClient();
  const vendors = useVendorNames();
  const [asking, { open, close }] = useDisclosure();
  const [chosen, setChosen] = useState<Months>(present);
  const save = useAct(() => rule.save(chosen, shown), {
    errorShown: true,
    done: 'Saved.',
    refresh: rule.refresh,
    onDone: (saved) => {
      client.setQueryData(rule.query.queryKey, saved);
      close();
    },
  });
  const ask = (months: Months): void => {
    setChosen(months);
    open();
  };
  return (
    <>
      <RuleForm words={rule.form} present={present} onChoose={ask} />
      <Confirm
        opened={asking}
        onClose={close}
        title={question(rule, present, chosen)}
        verb="Save this rule"
        otherwise="Keep current rule"
        act={save}
      >
        <List size="sm" spacing="xs">
          {consequences(rule, present, chosen, vendors).map((point) => (
            <List.Item key={point}>{point}</List.Item>
          ))}
        </List>
      </Confirm>
    </>
  );
}

function question({ question: words }: Rule, present: Months, chosen: Months): string {
  if (chosen === null) return words.indefinitely;
  return isStricter(present, chosen) ? words.stricter(inMonths(chosen)) : words.looser(inMonths(chosen));
}

function consequences({ consequences: words }: Rule, present: Months, chosen: Months, vendors: string[]): string[] {
  if (chosen !== null && isStricter(present, chosen)) return words.stricter(inMonths(chosen), vendors);
  return words.looser(chosen === null ? null : inMonths(chosen));
}
