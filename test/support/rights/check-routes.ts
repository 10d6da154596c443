/** Checks. The checks are complete: 409 means that the caller has the right, and only the check's status prevents the action. */
export const checkRoutes = `
GET /ats/v0/background_checks
GET /ats/v0/updates
          admin themself standard confidant manager sender reader viewer outsider stranger disabled visitor
team        200      200      200       200     200    200    200    200      200      200      401    401

GET /ats/v0/background_checks/{id}
GET /ats/v0/background_checks/{id}/history
POST /ats/v0/background_checks/{id}/refresh
          admin themself standard confidant manager sender reader viewer outsider stranger disabled visitor
own         200      404      200       200     200    200    200    200      404      404      401    401
other       200      200      200       200     404    404    404    404      404      404      401    401
secret      200      200      404       200     404    404    404    404      404      404      401    401
foreign     404      404      404       404     404    404    404    404      404      200      401    401

GET /ats/v0/background_checks/{id}/results
          admin themself standard confidant manager sender reader viewer outsider stranger disabled visitor
own         200      404      403       403     403    403    200    403      404      404      401    401
other       200      200      403       403     404    404    404    404      404      404      401    401
secret      200      200      404       200     404    404    404    404      404      404      401    401
foreign     404      404      404       404     404    404    404    404      404      200      401    401

POST /ats/v0/background_checks/{id}/cancel
POST /ats/v0/background_checks/{id}/resend
          admin themself standard confidant manager sender reader viewer outsider stranger disabled visitor
own         409      404      409       409     409    409    403    403      404      404      401    401
other       409      409      409       409     404    404    404    404      404      404      401    401
secret      409      409      404       409     404    404    404    404      404      404      401    401
foreign     404      404      404       404     404    404    404    404      404      409      401    401

POST /ats/v0/background_checks/{id}/decide
          admin themself standard confidant manager sender reader viewer outsider stranger disabled visitor
own         409      404      403       403     403    403    403    403      404      404      401    401
other       409      409      403       403     404    404    404    404      404      404      401    401
secret      409      409      404       403     404    404    404    404      404      404      401    401
foreign     404      404      404       404     404    404    404    404      404      409      401    401

POST /ats/v0/applications/{id}/background_checks
          admin themself standard confidant manager sender reader viewer outsider stranger disabled visitor
own         201      403      201       201     201    201    403    403      404      404      401    401
other       201      201      201       201     404    404    404    404      404      404      401    401
secret      201      201      404       201     404    404    404    404      404      404      401    401
foreign     404      404      404       404     404    404    404    404      404      201      401    401
`;
