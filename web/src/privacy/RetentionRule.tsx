import { List, Stack, Text, Title } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { type ReactNode, useId, useState } from 'react';
import { Confirm } from '../shell/Confirm';
import { Loaded } from '../shell/states';
import { useAct } from '../shell/useAct';
import type { Months } from './retention';
import { RuleForm } from './RuleForm';
import { inMonths, isStricter, type Rule } from './rules';

/** How long something is kept. A change asks first: what a rule took cannot be brought back. */
export function RetentionRule({ rule }: { rule: Rule }): ReactNode {
  const id = useId();
  const saved = useQuery(rule.query);
  return (
    <section aria-labelledby={id}>
      <Title order={2} size="h4" id={id} mb="sm">
        {rule.title}
      </Title>
      <Loaded query={saved} what={`Loading the rule: ${rule.title}`}>
        {({ months }) => (
          <Stack maw={640}>
            <Text fw={600}>{rule.presently(months)}</Text>
            <Text size="sm">{rule.never}</Text>
            <ChangeRule rule={rule} present={months} />
          </Stack>
        )}
      </Loaded>
    </section>
  );
}

function ChangeRule({ rule, present }: { rule: Rule; present: Months }): ReactNode {
  const client = useQueryClient();
  const [asking, { open, close }] = useDisclosure();
  const [wish, setWish] = useState<Months>(present);
  const save = useAct(() => rule.save(wish), {
    errorShown: true,
    done: 'Saved.',
    refresh: rule.refresh,
    onDone: (saved) => {
      client.setQueryData(rule.query.queryKey, saved);
      close();
    },
  });
  const ask = (months: Months): void => {
    setWish(months);
    open();
  };
  return (
    <>
      <RuleForm words={rule.form} present={present} onWish={ask} />
      <Confirm
        opened={asking}
        onClose={close}
        title={question(rule, present, wish)}
        verb="Save this rule"
        otherwise="Keep current rule"
        act={save}
      >
        <List size="sm" spacing="xs">
          {consequences(rule, present, wish).map((point) => (
            <List.Item key={point}>{point}</List.Item>
          ))}
        </List>
      </Confirm>
    </>
  );
}

function question({ question: words }: Rule, present: Months, wish: Months): string {
  if (wish === null) return words.indefinitely;
  return isStricter(present, wish) ? words.stricter(inMonths(wish)) : words.looser(inMonths(wish));
}

function consequences({ consequences: words }: Rule, present: Months, wish: Months): string[] {
  if (wish !== null && isStricter(present, wish)) return words.stricter(inMonths(wish));
  return words.looser(wish === null ? null : inMonths(wish));
}
