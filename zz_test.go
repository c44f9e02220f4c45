package sockpair_test

var epollLaws, selectLaws, asyncLaws []law
