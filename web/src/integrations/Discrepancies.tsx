import { Stack, Table, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { api, page, perPage, type Schemas } from '../api/client';
import { AppLink } from '../shell/links';
import { Pages } from '../shell/Pages';
import { Empty, Loaded } from '../shell/states';
import { When } from '../shell/When';
import { ofCertn } from './connection';

type Discrepancy = Schemas['DiscrepancyResponse'];

const kinds: Record<Discrepancy['kind'], string> = {
  case_without_order: 'Certn has a case that was not ordered here',
  order_without_case: 'A check was ordered, but Certn has no case for it',
  cancel_unconfirmed: 'A cancellation was requested, but Certn has not confirmed it',
};

/** Where the daily reconciliation found differences between Certn and this service. */
export function Discrepancies(): ReactNode {
  const [at, setAt] = useState(1);
  const discrepancies = useQuery({
    queryKey: ['certn_discrepancies', at],
    queryFn: ({ signal }) => {
      const query = { page: at, per_page: perPage };
      return page(api.GET('/ats/v0/integrations/{vendor}/discrepancies', { params: { path: ofCertn, query }, signal }));
    },
  });
  return (
    <Stack>
      <Text size="sm" c="dimmed">
        Once a day, the checks ordered here are compared with the cases in your Certn account.
      </Text>
      <Loaded query={discrepancies} what="Loading the discrepancies">
        {(list) =>
          list.items.length === 0 ? (
            <Empty title="No discrepancies">The last comparison found none.</Empty>
          ) : (
            <>
              <DiscrepancyTable discrepancies={list.items} />
              <Pages list={list} page={at} onPage={setAt} />
            </>
          )
        }
      </Loaded>
    </Stack>
  );
}

function DiscrepancyTable({ discrepancies }: { discrepancies: Discrepancy[] }): ReactNode {
  return (
    <Table verticalSpacing="xs">
      <Table.Thead>
        <Table.Tr>
          <Table.Th>Found</Table.Th>
          <Table.Th>Discrepancy</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {discrepancies.map(({ id, kind, case_id, background_check_id, found_at }) => (
          <Table.Tr key={id}>
            <Table.Td>
              <When at={found_at} />
            </Table.Td>
            <Table.Td>
              {kinds[kind]}
              {case_id !== null && <Text size="xs">Case {case_id}</Text>}
              {background_check_id !== null && (
                <AppLink to="/background_checks/$checkId" params={{ checkId: background_check_id }} display="block">
                  Open check
                </AppLink>
              )}
            </Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}
