import { Stack, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { answer, api } from '../api/client';
import { Confirm } from '../shell/Confirm';
import { Loaded } from '../shell/states';
import { useAct } from '../shell/useAct';
import { Consequences, inMonths, isStricter } from './Consequences';
import { dueKey, type Months, ruleQuery } from './retention';
import { RuleForm } from './RuleForm';

/** How long candidates are kept. A change asks first: what the rule took cannot be brought back. */
export function RetentionRule(): ReactNode {
  const rule = useQuery(ruleQuery);
  return (
    <Loaded query={rule} what="Loading the retention rule">
      {({ months }) => (
        <Stack maw={640}>
          <Text fw={600}>{presently(months)}</Text>
          <Text size="sm">
            The rule never anonymises candidates who were hired, whose application is active, or who are on legal hold.
          </Text>
          <ChangeRule present={months} />
        </Stack>
      )}
    </Loaded>
  );
}

const presently = (months: Months): string =>
  months === null
    ? "Now candidates' data are kept for ever."
    : `Now candidates are anonymised ${inMonths(months)} after their last application was closed.`;

function ChangeRule({ present }: { present: Months }): ReactNode {
  const client = useQueryClient();
  const [asking, { open, close }] = useDisclosure();
  const [wish, setWish] = useState<Months>(present);
  const save = useAct(() => answer(api.PUT('/ats/v0/retention_rule', { body: { months: wish } })), {
    errorShown: true,
    done: 'Saved.',
    refresh: [ruleQuery.queryKey, dueKey],
    onDone: (saved) => {
      client.setQueryData(ruleQuery.queryKey, saved);
      close();
    },
  });
  const ask = (months: Months): void => {
    setWish(months);
    open();
  };
  return (
    <>
      <RuleForm present={present} onWish={ask} />
      <Confirm
        opened={asking}
        onClose={close}
        title={question(present, wish)}
        verb="Save this rule"
        otherwise="Keep the present one"
        act={save}
      >
        <Consequences present={present} wish={wish} />
      </Confirm>
    </>
  );
}

function question(present: Months, wish: Months): string {
  if (wish === null) return 'Keep candidates for ever?';
  return `${isStricter(present, wish) ? 'Anonymise candidates after' : 'Keep candidates for'} ${inMonths(wish)}?`;
}
