"""Reads the texts of simulated products with the parsers that others have published.

usage: parse_show.py CASES.json

CASES is a list of {name, style, topic, text, expected}. Prints a line for each disagreement and
one for the end: how many cases each parser has read. Genie and ntc-templates are used as they
are; what they leave out of a text is read by `sections`, which knows nothing of who wrote it.
"""

import collections
import datetime
import json
import logging
import re
import sys

logging.disable(logging.CRITICAL)

from genie.libs.parser.iosxe import show_license as genie
from ntc_templates.parse import parse_output

GENIE = {
    "all": genie.ShowLicenseAll,
    "status": genie.ShowLicenseStatus,
    "summary": genie.ShowLicenseSummary,
    "usage": genie.ShowLicenseUsage,
    "udi": genie.ShowLicenseUdi,
    "tech support": genie.ShowLicenseTechSupport,
    "eventlog": genie.ShowLicenseEventlog2,
}
NTC = {
    ("ios-xe", "status"): ("cisco_ios", "show license status"),
    ("asa", "all"): ("cisco_asa", "show license all"),
    ("nx-os", "usage"): ("cisco_nxos", "show license usage"),
}
NOTHING = ("", "None", "NONE", "<none>", None)
FORMS = ("%b %d %H:%M:%S %Y UTC", "%b %d %Y %H:%M:%S UTC")


def moment(text):
    """A date of a device as ISO 8601, to the second."""
    if text in NOTHING:
        return None
    for form in FORMS:
        try:
            return datetime.datetime.strptime(text, form).strftime("%Y-%m-%dT%H:%M:%SZ")
        except ValueError:
            pass
    raise ValueError(f"no date of a device: {text!r}")


def split(text):
    """`SUCCEEDED on <date>` as its word and its date."""
    word, _, date = text.partition(" on ")
    return (None if word in NOTHING else word), moment(date)


def sections(text):
    """`Name:` at the margin, and the pairs indented below it."""
    found, current = collections.defaultdict(dict), None
    for line in text.splitlines():
        head = re.fullmatch(r"(\S[^:]*):\s*", line)
        pair = re.fullmatch(r"\s+([^:]+): (.*)", line)
        if head:
            current = head[1]
        elif pair and current:
            name = pair[1]
            if name == "Failure reason":
                name = f"{last}: {name}"
            found[current].setdefault(name, pair[2])
            last = name
    return found


class Case:
    def __init__(self, case):
        self.name = f"{case['style']} {case['topic']} {case['name']}"
        self.style, self.topic = case["style"], case["topic"]
        self.text, self.expected = case["text"], case["expected"]
        self.wrong = []

    def same(self, what, found, expected):
        if found != expected:
            self.wrong.append(f"{self.name}: {what}: read {found!r}, expected {expected!r}")

    # What the sections say, in the text of every style.

    def registration(self, read):
        expected = self.expected["registration"]
        self.same("registration", read.get("Status"), expected["words"])
        account = lambda name: None if read.get(name) in NOTHING else read.get(name)
        self.same("smart account", account("Smart Account"), expected["smart_account"])
        self.same("virtual account", account("Virtual Account"), expected["virtual_account"])
        export = read["Export-Controlled Functionality"].upper()
        self.same("export", export, "ALLOWED" if expected["export"] else "NOT ALLOWED")
        brief = self.topic == "summary"
        names = {"renewed": "Last Renewal Attempt", "registered": "Initial Registration"}
        for key, name in names.items():
            if key == "registered" and brief and expected["smart_account"]:
                continue
            self.attempt(read, name, expected[key])
        dates = {"Next Renewal Attempt": "renew_at", "Registration Expires": "expires_at"}
        for name, key in dates.items():
            if brief and key == "expires_at":
                continue
            if not expected["smart_account"] and self.style == "asa":
                continue
            self.same(name, moment(read.get(name)), expected[key])
        next_name = "Next Renewal Attempt" if self.style == "asa" else "Next Registration Attempt"
        if not expected["smart_account"] and not brief:
            self.same(next_name, moment(read.get(next_name)), expected["retry_at"])

    def attempt(self, read, name, expected):
        word, date = split(read.get(name, ""))
        if word == "First Attempt Pending":
            word = None
        brief = self.topic == "summary" and name == "Last Communication Attempt"
        self.same(name, word, expected and expected["word"])
        if not brief:
            self.same(f"{name}, date", date, expected and expected["at"])
        reason = read.get(f"{name}: Failure reason")
        self.same(f"{name}, reason", bool(reason), bool(expected and expected["word"] == "FAILED"))

    def authorization(self, read):
        expected = self.expected["authorization"]
        word, date = split(read["Status"])
        self.same("authorization", word, expected["words"])
        dated = self.topic != "summary" or self.style == "nx-os"
        self.same("authorization, date", date, expected["at"] if dated else None)
        left = read.get("Evaluation Period Remaining")
        self.same("evaluation left", left, expected["evaluation_left"])
        self.attempt(read, "Last Communication Attempt", expected["last"])
        self.same("next", moment(read.get("Next Communication Attempt")), expected["next"])
        if self.topic != "summary":
            self.same("deadline", moment(read.get("Communication Deadline")), expected["deadline"])

    def both(self):
        self.head()
        read = sections(self.text)
        self.registration(read["Registration"])
        self.authorization(read["License Authorization"])

    # What is said of a reservation: no published parser reads it whole.

    def reserved(self):
        expected, text = self.expected["reservation"], self.text
        on = "ENABLED" if expected["enabled"] else "DISABLED"
        self.same("reservation", re.findall(r"^License reservation: (.*)$", text, re.M), [on])
        if not expected["enabled"]:
            self.same("rest", "Overall status" in text, False)
            return
        first = lambda name: re.search(rf"^\s+{name}: (.*)$", text, re.M)[1]
        word, date = split(first("Reservation status"))
        self.same("status", (word, date), (expected["status"], expected["at"]))
        for name, key in (("Request code", "request"), ("Last Confirmation code", "confirmation"),
                          ("Reservation authorization code", "code")):
            found = first(name)
            self.same(name, None if found in NOTHING else found, expected[key])
        counts = [int(one) for one in re.findall(r"^    Total reserved count: (\d+)$", text, re.M)]
        self.same("counts", counts, expected["counts"] or [])
        ends = [datetime.datetime.strptime(one.title(), "%Y-%b-%d").strftime("%Y-%m-%d")
                for one in re.findall(r"^\s+End Date: (\S+) UTC$", text, re.M)]
        self.same("ends", ends, expected["ends"] or [])

    def head(self):
        on = self.expected["reservation"]["enabled"] and self.style != "asa"
        self.same("head", "License Reservation is ENABLED" in self.text, on)

    # What genie reads.

    def genie(self):
        read = GENIE[self.topic](device=None).parse(output=self.text)
        getattr(self, "genie_" + self.topic.replace(" ", "_"))(read)

    def genie_settings(self, read, transport_has_proxy):
        self.same("utility", read["utility"], {"status": "DISABLED"})
        expected = self.expected
        privacy = read["data_privacy"]
        self.same("sending hostname", privacy["sending_hostname"] == "yes", expected["hostname"])
        hidden = privacy["smart_licensing_hostname_privacy"] == "ENABLED"
        self.same("hostname privacy", hidden, not expected["hostname"])
        self.same("transport", read["transport"]["type"], expected["transport"]["type"])
        self.same("url", read["transport"].get("url"), expected["transport"]["url"])
        proxy = expected["transport"]["proxy"]
        if transport_has_proxy and proxy:
            found = read["transport"]["proxy"]
            self.same("proxy", [found["address"], str(found["port"])], proxy)

    def genie_account(self, account):
        expected = self.expected["registration"]
        account = account or {}
        for name in ("smart_account", "virtual_account"):
            found = account.get(name)
            self.same(name, None if found in NOTHING else found, expected[name])

    def genie_licenses(self, read):
        expected = {one["title"]: one for one in self.expected["licenses"]}
        self.same("licenses", sorted(read), sorted(expected))
        for title, one in read.items():
            other = expected.get(title, {})
            for name in ("count", "status", "version", "description", "export_status"):
                self.same(f"{title} {name}", one.get(name), other.get(name))
            self.same(f"{title} feature", one.get("feature_name"), other.get("feature"))

    def genie_udi(self, read, product=None):
        self.same("udi", read["udi_details"] if product is None else product["udi"],
                  self.expected["udi"])
        found = (read if product is None else product).get("ha_udi_list", {})
        self.same("nodes", found, self.expected["nodes"])

    def genie_all(self, read):
        status = read["smart_licensing_status"]
        self.genie_settings(status, False)
        self.genie_account(status.get("account_information"))
        self.genie_licenses(read.get("license_usage", {}).get("license_name", {}))
        self.genie_udi(read, read["product_information"])
        agent = read["agent_version"]["smart_agent_for_licensing"]
        self.same("agent", agent, self.expected["agent"])
        self.both()

    def genie_status(self, read):
        self.genie_settings(read, False)
        self.genie_account(read.get("account_information"))
        self.both()

    def genie_summary(self, read):
        self.genie_account(read["account_information"])
        rows = {one["license"]: [int(one["count"]), one["status"]]
                for one in read.get("license_usage", {}).values()}
        expected = {one["column"]: [one["count"], one["status"]]
                    for one in self.expected["licenses"]}
        self.same("rows", rows, expected)
        self.both()

    def genie_usage(self, read):
        expected = self.expected["authorization"]
        found = split(read["license_authorization"]["status"])
        self.same("authorization", found, (expected["words"], expected["at"]))
        self.genie_licenses(read.get("license_name", {}))

    def genie_tech_support(self, read):
        status = read["smart_licensing_status"]
        self.genie_settings(status, True)
        self.genie_account(status["account_information"])
        registered = self.expected["registration"]
        expected = self.expected["authorization"]
        pushed = moment(status["usage_reporting"]["next_report_push"])
        self.same("next push", pushed, expected["next"])
        used = {one["entitlement_tag"]: [one["count"], one["status"].rpartition("(")[0]]
                for one in read["license_usage"]["handle"].values() if one["count"]}
        self.same("handles", used, {one["tag"]: [one["count"], one["status"]]
                                    for one in self.expected["licenses"]})
        self.genie_udi(read, read["product_information"])
        jobs = read["upcoming_scheduled_jobs"]
        job = lambda name: moment(jobs[name].partition(" (")[0].replace("Expired Not Rescheduled", ""))
        self.same("current time", moment(jobs["current_time"]), self.expected["now"])
        self.same("authorization job", job("authorization_renewal"), expected["next"])
        self.same("registration job", job("register_period_expiration_check"),
                  registered["renew_at"] or registered["retry_at"])
        for name, counter in self.expected["counters"].items():
            found = read["communication_statistics"][name]
            numbers = re.findall(r"=(\d+)", found["attempts"] + found["ongoing_failure"])
            attempts = [int(number) for number in numbers]
            self.same(f"{name} attempts", attempts, counter["attempts"])
            for key in ("last_success_time", "last_failure_time"):
                self.same(f"{name} {key}", moment(found[key]), counter[key])
        self.same("software", read["other_info"]["software_id"], self.expected["software"])
        self.same("agent state", read["other_info"]["agent_state"], expected["words"].lower())
        nodes = read["reservation_info"]["overall_status"]
        self.same("reserving nodes", len(nodes), max(1, len(self.expected["nodes"])))
        expected = self.expected["reservation"]
        on = "ENABLED" if expected["enabled"] else "DISABLED"
        self.same("reservation", read["reservation_info"]["license_reservation"], on)
        self.same("installed", split(nodes["active"]["reservation_status"]),
                  (expected["status"], expected["at"]))
        code = nodes["active"]["last_confirmation_code"]
        self.same("confirmation", None if code in NOTHING else code, expected["confirmation"])
        self.both()

    def genie_eventlog(self, read):
        lines = [one["log_message"] for one in read.get("event_log", [])]
        times = re.findall(r"^(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d)\.\d{3} UTC ", self.text, re.M)
        self.same("times", [f"{day}T{time}Z" for day, time in times],
                  [one["at"] for one in self.expected["events"]])
        for line, event in zip(lines, self.expected["events"]):
            self.same("event", line.startswith(event["begins"]), True)
        self.same("events", len(lines), len(self.expected["events"]))
        self.same("none", "no_eventlog_found" in read, not lines)

    # What ntc-templates read.

    def ntc(self):
        platform, command = NTC[self.style, self.topic]
        read = parse_output(platform=platform, command=command, data=self.text)
        getattr(self, "ntc_" + self.style.replace("-", "_"))(read)

    def ntc_ios_xe(self, read):
        [row] = read
        registration, authorization = self.expected["registration"], self.expected["authorization"]
        self.same("ntc enabled", row["sl_enabled"], "ENABLED")
        self.same("ntc transport", row["transport_type"], self.expected["transport"]["type"])
        self.same("ntc smart account", row["smart_acct"] or None, registration["smart_account"])
        self.same("ntc virtual account", row["virt_acct"] or None, registration["virtual_account"])
        if " " not in registration["words"]:
            self.same("ntc registration", row["reg_status"], registration["words"])
        if authorization["at"]:
            self.same("ntc authorization", row["license_auth"], authorization["words"])

    def ntc_asa(self, read):
        [row] = read
        registration, authorization = self.expected["registration"], self.expected["authorization"]
        pairs = {
            "smart_status": "ENABLED",
            "registration_status": registration["words"],
            "smart_account": registration["smart_account"],
            "virtual_account": registration["virtual_account"],
            "export_controlled": "ALLOWED" if registration["export"] else "NOT ALLOWED",
            "auth_status": authorization["words"],
            "eval_remaining": authorization["evaluation_left"],
            "sn": self.expected["udi"]["sn"],
            "pid": self.expected["udi"]["pid"],
            "smart_agent_version": self.expected["agent"],
            "license_reservation":
                "ENABLED" if self.expected["reservation"]["enabled"] else "DISABLED",
            "transport_type": self.expected["transport"]["type"],
            "privacy_sending_hostname": "yes" if self.expected["hostname"] else "no",
        }
        for name, expected in pairs.items():
            self.same(f"ntc {name}", row[name] or None, expected)
        renew_at = registration["renew_at"] or registration["retry_at"]
        dates = {
            "registration_next_renewal_date": renew_at,
            "registration_expiration_date": registration["expires_at"],
            "auth_date": authorization["at"],
            "auth_next_communication_date": authorization["next"],
            "auth_deadline": authorization["deadline"],
        }
        for name, expected in dates.items():
            self.same(f"ntc {name}", moment(row[name]), expected)
        for word, date, expected in [
            ("registration_initial_status", "registration_initial_date", registration["registered"]),
            ("registration_last_renewal", "registration_last_renewal_date", registration["renewed"]),
            ("auth_last_communication", "auth_last_communication_date", authorization["last"]),
        ]:
            found = None if row[word] in NOTHING + ("First Attempt Pending",) else row[word]
            self.same(f"ntc {word}", found, expected and expected["word"])
            self.same(f"ntc {date}", moment(row[date]), expected and expected["at"])
        # The template keeps the last license only.
        last = self.expected["licenses"][-1] if self.expected["licenses"] else None
        if last:
            found = [row["license_pid"], int(row["license_count"]), row["license_status"]]
            self.same("ntc license", found, [last["short"], last["count"], last["status"]])
            self.same("ntc license name", row["license"] or None, last["told_name"])
        else:
            self.same("ntc license", row["license_pid"], "")

    def ntc_nx_os(self, read):
        found = {row["feature"]: [int(row["license_count"]), row["comments"]] for row in read}
        expected = {one["short"]: [one["count"], one["description"]]
                    for one in self.expected["licenses"]}
        self.same("ntc licenses", found, expected)


def main():
    cases = [Case(case) for case in json.load(open(sys.argv[1], encoding="utf-8"))]
    done, wrong = collections.Counter(), []
    for case in cases:
        for reader, reads in [
            ("genie", case.style == "ios-xe" and case.topic in GENIE),
            ("reserved", case.topic == "reservation"),
            ("ntc", (case.style, case.topic) in NTC),
            ("both", case.style != "ios-xe" and case.topic in ("all", "status", "summary")),
        ]:
            if not reads:
                continue
            try:
                getattr(case, reader)()
                done[f"{reader} {case.style} {case.topic}"] += 1
            except Exception as error:  # what a parser throws is what we look for
                case.wrong.append(f"{case.name}: {reader}: {type(error).__name__}: {error}")
        wrong += case.wrong
    for line in wrong[:40]:
        print(json.dumps({"wrong": line}))
    print(json.dumps({"done": done, "wrong": len(wrong)}))


main()
