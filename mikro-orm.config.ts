import { ormOptions } from '#platform/database/orm-options';
import { schemas } from '#schemas';

/** For MikroORM's own command line, after `npm run build`. The service and `npm run migrate` use the same options. */
export default ormOptions(process.env['DATABASE_URL'] ?? '', schemas);
