/** Jobs, plans, candidates, applications. */
export const jobRoutes = `
GET /ats/v0/jobs
GET /ats/v0/candidates
GET /ats/v0/applications
GET /ats/v0/activity_types
          admin themself standard confidant manager sender reader viewer outsider stranger disabled visitor robot clerk runner
team        200      200      200       200     200    200    200    200      200      200      401     401   200   200    200

POST /ats/v0/jobs
POST /ats/v0/candidates
          admin themself standard confidant manager sender reader viewer outsider stranger disabled visitor robot clerk runner
team        201      201      201       201     403    403    403    403      403      201      401     401   201   403    403

POST /ats/v0/imports
          admin themself standard confidant manager sender reader viewer outsider stranger disabled visitor robot clerk runner
team        200      200      403       403     403    403    403    403      403      200      401     401   200   403    403

GET /ats/v0/jobs/{id}
GET /ats/v0/jobs/{id}/stages
GET /ats/v0/job_stages/{id}
GET /ats/v0/job_stage_items/{id}
GET /ats/v0/candidates/{id}
GET /ats/v0/applications/{id}
GET /ats/v0/applications/{id}/interview_plan
GET /ats/v0/applications/{id}/tasks
          admin themself standard confidant manager sender reader viewer outsider stranger disabled visitor robot clerk runner
own         200      200      200       200     200    200    200    200      404      404      401     401   200   200    200
other       200      200      200       200     404    404    404    404      404      404      401     401   200   200    404
secret      200      200      404       200     404    404    404    404      404      404      401     401   200   200    404
foreign     404      404      404       404     404    404    404    404      404      200      401     401   404   404    404

PATCH /ats/v0/jobs/{id}
PATCH /ats/v0/candidates/{id}
PATCH /ats/v0/applications/{id}
PUT /ats/v0/applications/{id}/tasks/{job_stage_item_id}
PATCH /ats/v0/job_stages/{id}
PATCH /ats/v0/job_stage_items/{id}
          admin themself standard confidant manager sender reader viewer outsider stranger disabled visitor robot clerk runner
own         200      200      200       200     200    403    403    403      404      404      401     401   200   403    403
other       200      200      200       200     404    404    404    404      404      404      401     401   200   403    404
secret      200      200      404       200     404    404    404    404      404      404      401     401   200   403    404
foreign     404      404      404       404     404    404    404    404      404      200      401     401   404   403    404

POST /ats/v0/jobs/{id}/stages
POST /ats/v0/job_stages/{id}/items
          admin themself standard confidant manager sender reader viewer outsider stranger disabled visitor robot clerk runner
own         201      201      201       201     201    403    403    403      404      404      401     401   201   403    403
other       201      201      201       201     404    404    404    404      404      404      401     401   201   403    404
secret      201      201      404       201     404    404    404    404      404      404      401     401   201   403    404
foreign     404      404      404       404     404    404    404    404      404      201      401     401   404   403    404

DELETE /ats/v0/job_stages/{id}
DELETE /ats/v0/job_stage_items/{id}
          admin themself standard confidant manager sender reader viewer outsider stranger disabled visitor robot clerk runner
own         204      204      204       204     204    403    403    403      404      404      401     401   204   403    403
other       204      204      204       204     404    404    404    404      404      404      401     401   204   403    404
secret      204      204      404       204     404    404    404    404      404      404      401     401   204   403    404
foreign     404      404      404       404     404    404    404    404      404      204      401     401   404   403    404

POST /ats/v0/applications
          admin themself standard confidant manager sender reader viewer outsider stranger disabled visitor robot clerk runner
own         201      201      201       201     201    403    403    403      422      422      401     401   201   403    403
other       201      201      201       201     422    422    422    422      422      422      401     401   201   403    422
secret      201      201      422       201     422    422    422    422      422      422      401     401   201   403    422
foreign     422      422      422       422     422    422    422    422      422      201      401     401   422   403    422

POST /ats/v0/candidates/{id}/anonymise
          admin themself standard confidant manager sender reader viewer outsider stranger disabled visitor robot clerk runner
own         204      403      403       403     403    403    403    403      404      404      401     401   403   403    403
other       204      204      403       403     404    404    404    404      404      404      401     401   403   403    403
secret      204      204      404       403     404    404    404    404      404      404      401     401   403   403    403
foreign     404      404      404       404     404    404    404    404      404      204      401     401   403   403    403

PUT /ats/v0/candidates/{id}/legal_hold
          admin themself standard confidant manager sender reader viewer outsider stranger disabled visitor robot clerk runner
own         200      200      403       403     403    403    403    403      404      404      401     401   403   403    403
other       200      200      403       403     404    404    404    404      404      404      401     401   403   403    403
secret      200      200      404       403     404    404    404    404      404      404      401     401   403   403    403
foreign     404      404      404       404     404    404    404    404      404      200      401     401   403   403    403

GET /ats/v0/jobs/{id}/permissions
PUT /ats/v0/jobs/{id}/permissions
          admin themself standard confidant manager sender reader viewer outsider stranger disabled visitor robot clerk runner
own         200      200      403       403     200    403    403    403      404      404      401     401   403   403    403
other       200      200      403       403     404    404    404    404      404      404      401     401   403   403    403
secret      200      200      404       403     404    404    404    404      404      404      401     401   403   403    403
foreign     404      404      404       404     404    404    404    404      404      200      401     401   403   403    403
`;
