import { Stack, Table, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { api, page, perPage, type Schemas } from '../api/client';
import { AppLink } from '../shell/links';
import { Pages } from '../shell/Pages';
import { Empty, Loaded } from '../shell/states';
import { When } from '../shell/When';

type Finding = Schemas['FindingResponse'];

const kinds: Record<Finding['kind'], string> = {
  case_without_order: 'Certn has a case that nobody ordered from here',
  order_without_case: 'A check was ordered, and Certn has no case for it',
  cancel_unconfirmed: 'A check was to be cancelled, and Certn has not confirmed it',
};

/** Where the daily comparison found that Certn and we disagree. */
export function Findings(): ReactNode {
  const [at, setAt] = useState(1);
  const findings = useQuery({
    queryKey: ['certn_findings', at],
    queryFn: ({ signal }) => {
      const query = { page: at, per_page: perPage };
      return page(api.GET('/ats/v0/integrations/certn/findings', { params: { query }, signal }));
    },
  });
  return (
    <Stack>
      <Text size="sm" c="dimmed">
        Once a day what was ordered from here is compared with the cases in your Certn account.
      </Text>
      <Loaded query={findings} what="Loading the findings">
        {(list) =>
          list.items.length === 0 ? (
            <Empty title="Everything agrees">Nothing was found in the last comparison.</Empty>
          ) : (
            <>
              <FindingTable findings={list.items} />
              <Pages list={list} page={at} onPage={setAt} />
            </>
          )
        }
      </Loaded>
    </Stack>
  );
}

function FindingTable({ findings }: { findings: Finding[] }): ReactNode {
  return (
    <Table verticalSpacing="xs">
      <Table.Thead>
        <Table.Tr>
          <Table.Th>Found</Table.Th>
          <Table.Th>What</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {findings.map(({ id, kind, case_id, background_check_id, found_at }) => (
          <Table.Tr key={id}>
            <Table.Td>
              <When at={found_at} />
            </Table.Td>
            <Table.Td>
              {kinds[kind]}
              {case_id !== null && <Text size="xs">Case {case_id}</Text>}
              {background_check_id !== null && (
                <AppLink to="/background_checks/$checkId" params={{ checkId: background_check_id }} display="block">
                  Show the background check
                </AppLink>
              )}
            </Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}
