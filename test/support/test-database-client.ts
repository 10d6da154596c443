import pg from 'pg';

/** Does something to a test's database behind the service's back: lets time pass, for example. */
export async function testDatabaseClient<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}
