import { LoggerModule } from 'nestjs-pino';
import { Settings } from './config/settings.js';

interface LoggedRequest {
  id: unknown;
  method: string;
  url: string;
}

/** Allow-listed: a log line holds what is named here and nothing else. Queries may hold e-mail addresses, so paths only. */
export const logging = LoggerModule.forRootAsync({
  inject: [Settings],
  useFactory: (settings: Settings) => ({
    pinoHttp: {
      level: settings.logLevel,
      quietReqLogger: true,
      autoLogging: { ignore: (request) => request.url?.startsWith('/health/') ?? false },
      customLogLevel: (_request, response, error) =>
        error || response.statusCode >= 500 ? 'error' : response.statusCode >= 400 ? 'info' : 'debug',
      serializers: {
        req: (request: LoggedRequest) => ({
          id: request.id,
          method: request.method,
          path: request.url.split('?', 1)[0],
        }),
        res: (response: { statusCode: number }) => ({ status: response.statusCode }),
        err: (error: Error) => ({ type: error.name, message: error.message }),
      },
    },
  }),
});
