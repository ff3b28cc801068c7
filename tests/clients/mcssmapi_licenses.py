"""Drives the published mcssmapi, unmodified, and prints what it answers, one JSON text a line.

Arguments: client id, client secret, Smart Account domain, virtual account, the request code of a
device, and the entitlement tag of what to reserve for it in "Vault". The environment says
which proxy to use and which CA to trust; the hosts are the ones that the client has built in.
"""

import json
import sys

from mcssmapi import Licensing

client_id, client_secret, domain, virtual_account, request_code, tag = sys.argv[1:]


def show(what, result):
    print(json.dumps({"what": what, **result}))


api = Licensing(client_id, client_secret)
show("no bearer", api.smart_license_usage(domain, 50, 0, virtual_account))
show("bearer", api.bearer_update())
show("one", api.smart_license_usage(domain, 50, 0, virtual_account))
show("all", api.smart_license_usage(domain))
show("wrong code", api.reserve_license(domain, "Vault", "CA-ZPID:SIM", [{"entitlementTag": tag, "quantity": 1}]))
wanted = [{"entitlementTag": tag, "quantity": 3, "precedence": "LONGEST_TERM_FIRST"}]
show("reserve", api.reserve_license(domain, "Vault", request_code, wanted))

stranger = Licensing(client_id, "wrong")
show("wrong secret", stranger.bearer_update())
