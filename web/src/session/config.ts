import { answer, api, type Schemas } from '../api/client';

export type SignInConfig = Schemas['ConsoleConfigResponse'];

let asked: Promise<SignInConfig> | undefined;

/** How people sign in here. Asked once; after a failure again. */
export function signInConfig(): Promise<SignInConfig> {
  asked ??= answer(api.GET('/console/config.json')).catch((error: unknown) => {
    asked = undefined;
    throw error;
  });
  return asked;
}
