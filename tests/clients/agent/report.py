"""A line for each check, and the sum at the end."""

import traceback


class Report:
    def __init__(self):
        self.checks = 0
        self.refusals = 0
        self.failures = 0

    def check(self, name, passed, detail=""):
        self.checks += 1
        self.failures += not passed
        print(f"{'ok  ' if passed else 'FAIL'} {name}{'' if passed else f': {detail}'}", flush=True)
        return passed

    def equal(self, name, got, expected):
        return self.check(name, got == expected, f"{got!r}, not {expected!r}")

    def run(self, name, action, *arguments):
        """Does something that must not fail; returns what it returns, or nothing."""
        try:
            result = action(*arguments)
        except Exception as error:  # whatever it is, it is a failure of this check
            self.check(name, False, "".join(traceback.format_exception(error)[-3:]))
            return None
        self.check(name, True)
        return result

    def summary(self):
        print(f"summary: checks={self.checks} refusals={self.refusals} failures={self.failures}")
        return 1 if self.failures or not self.checks else 0
