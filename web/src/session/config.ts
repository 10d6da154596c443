import { answer, api, type Schemas } from '../api/client';

export type SignInConfig = Schemas['ConsoleConfigResponse'];

let request: Promise<SignInConfig> | undefined;

/** How users sign in here. Requested once, and again after a failure. */
export function signInConfig(): Promise<SignInConfig> {
  request ??= answer(api.GET('/console/config.json')).catch((error: unknown) => {
    request = undefined;
    throw error;
  });
  return request;
}
