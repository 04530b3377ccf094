"""Means 家庭经济状况: what a household lives on by its sources, and what it owns."""

from policies.arithmetic import MONTHS_A_YEAR, NOT_APPLICABLE, WHOLE, Table, share_of
from policies.marks import household, person


@person(source="dibao-measures-2021 members living together")
def lives_in_household(away: int, has_temporary_code: int, means_counts_temporary_code: int) -> int:
    """A member lives in the household unless away in a way the law names."""
    if away != NOT_APPLICABLE:
        return 0
    return 1 if has_temporary_code == 0 else means_counts_temporary_code


@person(source="dibao-measures-2021 members living together")
def counts_for_means(
    payable_in_life: int, on_tekun: int, dibao_counts_tekun: int, lives_in_household: int
) -> int:
    """The means of each living member who lives in the household and is not on tekun count."""
    if payable_in_life == 0:
        return 0
    if on_tekun == 1 and dibao_counts_tekun == 0:
        return 0
    return lives_in_household


@household(source="dibao-measures-2021 members living together")
def means_members(sum_of_counts_for_means: int) -> int:
    """The number of members whose means count."""
    return sum_of_counts_for_means


@person(source="practice norm tables")
def means_labour_basis_points(
    means_uses_labour_coefficient: int,
    means_labour_coefficient_basis_points: Table,
    labour_ability: int,
) -> int:
    """How much of a full worker's wage is reckoned for this ability to work."""
    if means_uses_labour_coefficient == 0:
        return WHOLE
    return means_labour_coefficient_basis_points[labour_ability]


@person(source="guangxi-low-income-plan DB-14")
def means_imputed_wage_fen(
    wage_months: int, means_minimum_wage_fen_monthly: int, means_labour_basis_points: int
) -> int:
    """A wage nobody can prove is reckoned at the minimum wage of the place of registration."""
    return share_of(wage_months * means_minimum_wage_fen_monthly, means_labour_basis_points)


@person(source="practice norm tables")
def means_norm_wage_fen(
    wage_months: int,
    means_migrant_wage_fen_monthly: Table,
    migrant_place: int,
    means_labour_basis_points: int,
) -> int:
    """A migrant's wage is reckoned by the norm of where the work is."""
    return share_of(
        wage_months * means_migrant_wage_fen_monthly[migrant_place], means_labour_basis_points
    )


@person(source="dibao-measures-2021 income")
def means_wage_fen(
    wage_basis: int, wage_fen: int, means_imputed_wage_fen: int, means_norm_wage_fen: int
) -> int:
    """The wage as proven, as imputed, or by the norm."""
    if wage_basis == 1:
        return 0
    if wage_basis == 2:
        return wage_fen
    return means_imputed_wage_fen if wage_basis == 3 else means_norm_wage_fen


@person(source="guangxi-low-income-plan DB-14")
def means_work_cost_fen(
    work_cost_basis: int,
    work_cost_fen: int,
    work_allowance_fen: int,
    means_minimum_wage_stands_for_cost: int,
    wage_months: int,
    means_minimum_wage_fen_monthly: int,
) -> int:
    """What work costs, less what is given toward that cost and is no income."""
    if work_cost_basis == 1:
        return 0
    if work_cost_basis == 2:
        return max(work_cost_fen - work_allowance_fen, 0)
    if means_minimum_wage_stands_for_cost == 0:
        return 0
    return wage_months * means_minimum_wage_fen_monthly


@person(source="guangxi-low-income-plan DB-14")
def means_net_wage_fen(means_wage_fen: int, means_work_cost_fen: int) -> int:
    """The wage less what work costs, and never less than nothing."""
    return max(means_wage_fen - means_work_cost_fen, 0)


@person(source="guangxi-low-income-plan DB-14")
def means_disregarded_fen(
    entitled_pension_fen: int,
    means_disregards_entitled_pension: int,
    basic_pension_fen: int,
    means_disregards_basic_pension: int,
    disability_subsidies_fen: int,
    means_disregards_disability_subsidies: int,
    old_age_allowance_fen: int,
    means_disregards_old_age_allowance: int,
    awards_fen: int,
    means_disregards_awards: int,
    assistance_fen: int,
    means_disregards_assistance: int,
) -> int:
    """What the person receives that is no income."""
    pensions = (
        entitled_pension_fen * means_disregards_entitled_pension
        + basic_pension_fen * means_disregards_basic_pension
    )
    subsidies = (
        disability_subsidies_fen * means_disregards_disability_subsidies
        + old_age_allowance_fen * means_disregards_old_age_allowance
    )
    return (
        pensions
        + subsidies
        + awards_fen * means_disregards_awards
        + assistance_fen * means_disregards_assistance
    )


@person(source="dibao-measures-2021 income")
def means_transfer_fen(
    pension_fen: int,
    other_transfer_fen: int,
    entitled_pension_fen: int,
    basic_pension_fen: int,
    disability_subsidies_fen: int,
    old_age_allowance_fen: int,
    awards_fen: int,
    assistance_fen: int,
    means_disregarded_fen: int,
) -> int:
    """Everything the person is given without work, less what is no income."""
    pensions = pension_fen + entitled_pension_fen + basic_pension_fen
    subsidies = disability_subsidies_fen + old_age_allowance_fen + assistance_fen
    return pensions + subsidies + awards_fen + other_transfer_fen - means_disregarded_fen


@person(source="dibao-measures-2021 income")
def means_person_income_fen(
    counts_for_means: int, means_net_wage_fen: int, means_transfer_fen: int
) -> int:
    """A member's own income, if the member's means count."""
    return means_net_wage_fen + means_transfer_fen if counts_for_means == 1 else 0


@household(source="practice norm tables")
def means_paddy_fen_yearly(paddy_hundredths: int, means_norm_paddy_fen_yearly: int) -> int:
    """What paddy fields yield by the norm a mu."""
    return paddy_hundredths * means_norm_paddy_fen_yearly // 100 if paddy_hundredths > 0 else 0


@household(source="practice norm tables")
def means_dry_land_fen_yearly(dry_land_hundredths: int, means_norm_dry_land_fen_yearly: int) -> int:
    """What dry fields yield by the norm a mu."""
    if dry_land_hundredths == 0:
        return 0
    return dry_land_hundredths * means_norm_dry_land_fen_yearly // 100


@household(source="practice norm tables")
def means_orchard_fen_yearly(orchard_hundredths: int, means_norm_orchard_fen_yearly: int) -> int:
    """What orchards, tea and woods yield by the norm a mu."""
    if orchard_hundredths == 0:
        return 0
    return orchard_hundredths * means_norm_orchard_fen_yearly // 100


@household(source="practice norm tables")
def means_pond_fen_yearly(pond_hundredths: int, means_norm_pond_fen_yearly: int) -> int:
    """What fish ponds yield by the norm a mu."""
    return pond_hundredths * means_norm_pond_fen_yearly // 100 if pond_hundredths > 0 else 0


@household(source="practice norm tables")
def means_pigs_fen_yearly(pigs_count: int, means_norm_pig_fen_yearly: int) -> int:
    """What pigs yield by the norm a head."""
    return pigs_count * means_norm_pig_fen_yearly if pigs_count > 0 else 0


@household(source="practice norm tables")
def means_cattle_fen_yearly(cattle_count: int, means_norm_cattle_fen_yearly: int) -> int:
    """What cattle yield by the norm a head."""
    return cattle_count * means_norm_cattle_fen_yearly if cattle_count > 0 else 0


@household(source="practice norm tables")
def means_sheep_fen_yearly(sheep_count: int, means_norm_sheep_fen_yearly: int) -> int:
    """What sheep and goats yield by the norm a head."""
    return sheep_count * means_norm_sheep_fen_yearly if sheep_count > 0 else 0


@household(source="practice norm tables")
def means_poultry_fen_yearly(poultry_count: int, means_norm_poultry_fen_yearly: int) -> int:
    """What poultry yields by the norm a bird."""
    return poultry_count * means_norm_poultry_fen_yearly if poultry_count > 0 else 0


@household(source="practice norm tables")
def means_land_fen_yearly(
    means_paddy_fen_yearly: int,
    means_dry_land_fen_yearly: int,
    means_orchard_fen_yearly: int,
    means_pond_fen_yearly: int,
) -> int:
    """What the household's land yields in a year by the norms of the place."""
    fields = means_paddy_fen_yearly + means_dry_land_fen_yearly
    return fields + means_orchard_fen_yearly + means_pond_fen_yearly


@household(source="practice norm tables")
def means_stock_fen_yearly(
    means_pigs_fen_yearly: int,
    means_cattle_fen_yearly: int,
    means_sheep_fen_yearly: int,
    means_poultry_fen_yearly: int,
) -> int:
    """What the household's stock yields in a year by the norms of the place."""
    large = means_pigs_fen_yearly + means_cattle_fen_yearly
    return large + means_sheep_fen_yearly + means_poultry_fen_yearly


@household(source="practice norm tables")
def means_farm_fen_yearly(
    farm_basis: int,
    farm_proven_fen_yearly: int,
    means_land_fen_yearly: int,
    means_stock_fen_yearly: int,
) -> int:
    """Net income from farming in a year, as proven or by the norms."""
    if farm_basis == 1:
        return 0
    if farm_basis == 2:
        return means_land_fen_yearly + means_stock_fen_yearly
    return farm_proven_fen_yearly


@household(source="dibao-measures-2021 income")
def means_business_fen(business_receipts_fen: int, business_costs_fen: int) -> int:
    """What a business earns after its costs; a loss is no income below nothing."""
    return max(business_receipts_fen - business_costs_fen, 0)


@household(source="practice the supporters' share")
def means_support_fen_yearly(
    support_basis: int,
    support_agreed_fen_yearly: int,
    supporters_income_fen_yearly: int,
    supporters_count: int,
    registration: int,
    means_support_line_fen_yearly: Table,
    means_support_basis_points: int,
) -> int:
    """What supporters living apart owe: as agreed, or a share of what they have above the line."""
    if support_basis == 1:
        return 0
    if support_basis == 2:
        return support_agreed_fen_yearly
    kept = supporters_count * means_support_line_fen_yearly[registration]
    return share_of(max(supporters_income_fen_yearly - kept, 0), means_support_basis_points)


@household(source="dibao-measures-2021 income")
def means_period_income_fen(
    sum_of_means_person_income_fen: int, means_business_fen: int, property_income_fen: int
) -> int:
    """The members' own income, business and property over the months that are looked at."""
    return sum_of_means_person_income_fen + means_business_fen + property_income_fen


@household(source="dibao-measures-2021 income")
def means_income_fen_yearly(
    means_period_income_fen: int,
    means_period_months: Table,
    registration: int,
    means_farm_fen_yearly: int,
    means_support_fen_yearly: int,
) -> int:
    """The household's income in a year: what was looked at, carried to twelve months, and more."""
    carried = means_period_income_fen * MONTHS_A_YEAR // means_period_months[registration]
    return carried + means_farm_fen_yearly + means_support_fen_yearly


@household(source="arithmetic")
def means_income_fen_monthly(means_income_fen_yearly: int) -> int:
    """A twelfth of the year's income, the part of a fen left out."""
    return means_income_fen_yearly // MONTHS_A_YEAR


@household(source="arithmetic")
def means_income_per_head_fen_yearly(means_income_fen_yearly: int, means_members: int) -> int:
    """The year's income shared among the members whose means count."""
    return means_income_fen_yearly // max(means_members, 1)


@household(source="arithmetic")
def means_income_per_head_fen_monthly(means_income_fen_yearly: int, means_members: int) -> int:
    """A month's income shared among the members whose means count."""
    return means_income_fen_yearly // (max(means_members, 1) * MONTHS_A_YEAR)


@household(source="guangxi-low-income-plan EX-02")
def means_rigid_spending_fen_yearly(
    sum_of_illness_self_paid_fen_yearly: int,
    disability_spending_fen_yearly: int,
    elder_care_spending_fen_yearly: int,
    disaster_spending_fen_yearly: int,
    university_spending_fen_yearly: int,
    aid_toward_spending_fen_yearly: int,
) -> int:
    """Unavoidable spending of the listed kinds, less what was given toward it and is no income."""
    care = disability_spending_fen_yearly + elder_care_spending_fen_yearly
    other = disaster_spending_fen_yearly + university_spending_fen_yearly
    spent = sum_of_illness_self_paid_fen_yearly + care + other
    return max(spent - aid_toward_spending_fen_yearly, 0)


@household(source="township-cleanup-plan EX-03")
def means_net_income_fen_yearly(
    means_income_fen_yearly: int, means_rigid_spending_fen_yearly: int
) -> int:
    """The year's income less unavoidable spending, and never less than nothing."""
    return max(means_income_fen_yearly - means_rigid_spending_fen_yearly, 0)


@household(source="arithmetic")
def means_net_income_per_head_fen_yearly(
    means_net_income_fen_yearly: int, means_members: int
) -> int:
    """The year's income after unavoidable spending, shared among the members whose means count."""
    return means_net_income_fen_yearly // max(means_members, 1)
