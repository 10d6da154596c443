import { Stack, Table, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { api, page, perPage, type Schemas } from '../api/client';
import { AppLink } from '../shell/links';
import { Pages } from '../shell/Pages';
import { Empty, Loaded } from '../shell/states';
import { When } from '../shell/When';
import { type Connection, ofVendor } from './connection';

type Discrepancy = Schemas['DiscrepancyResponse'];

function wordsOf(kind: Discrepancy['kind'], vendor: string): string {
  const words: Record<typeof kind, string> = {
    case_without_order: `${vendor} has a case that was not ordered here`,
    order_without_case: `A check was ordered, but ${vendor} has no case for it`,
    cancel_unconfirmed: `A cancellation was requested, but ${vendor} has not confirmed it`,
  };
  return words[kind];
}

/** Where the vendor and this service differ. Vendors that list their cases are compared once a day. */
export function Discrepancies({ connection }: { connection: Connection }): ReactNode {
  const { vendor, name } = connection;
  const isCompared = connection.capabilities.includes('listByTime');
  const [at, setAt] = useState(1);
  const discrepancies = useQuery({
    queryKey: ['discrepancies', vendor, at],
    queryFn: ({ signal }) => {
      const params = { path: ofVendor(connection), query: { page: at, per_page: perPage } };
      return page(api.GET('/ats/v0/integrations/{vendor}/discrepancies', { params, signal }));
    },
  });
  return (
    <Stack>
      <Text size="sm" c="dimmed">
        {isCompared
          ? `Once a day, the checks ordered here are compared with the cases in your ${name} account.`
          : `Cancellations that ${name} has not confirmed appear here. It lists no cases to compare with.`}
      </Text>
      <Loaded query={discrepancies} what="Loading the discrepancies">
        {(list) =>
          list.items.length === 0 ? (
            <Empty title="No discrepancies">{isCompared ? 'The last comparison found none.' : undefined}</Empty>
          ) : (
            <>
              <DiscrepancyTable vendor={name} discrepancies={list.items} />
              <Pages list={list} page={at} onPage={setAt} />
            </>
          )
        }
      </Loaded>
    </Stack>
  );
}

function DiscrepancyTable({ vendor, discrepancies }: { vendor: string; discrepancies: Discrepancy[] }): ReactNode {
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
              {wordsOf(kind, vendor)}
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
