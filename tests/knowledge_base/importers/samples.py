"""Small records of our own, one in each format that offices hold."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import openpyxl

from knowledge_base.importers.tables import DOCUMENTS_HEADER, LEGAL_HEADER, METHODS_HEADER


def page(code: str = "1.000001", name: str = "Thủ tục cấp giấy mẫu", **more: str) -> dict[str, Any]:
    """Returns a page record of the national portal."""
    return {
        "ma_thu_tuc": code,
        "detail_url": f"https://dichvucong.gov.vn/thu-tuc-hanh-chinh/{code}",
        "ten_thu_tuc": name,
        "so_quyet_dinh": "1/QĐ-BTP",
        "cap_thuc_hien": "Cấp xã",
        "linh_vuc": "Hộ tịch",
        "doi_tuong_thuc_hien": "Công dân Việt Nam",
        "trinh_tu_thuc_hien": "Bước 1: Nộp hồ sơ.\nBước 2: Nhận kết quả.",
        "cach_thuc_thuc_hien": f"{METHODS_HEADER}Trực tiếp3 Ngày làm việc10,000 Việt Nam Đồng",
        "thanh_phan_ho_so": f"--{DOCUMENTS_HEADER}Tờ khai (Mẫu số 02)1 bản chính",
        "can_cu_phap_ly": f"{LEGAL_HEADER}Luật Hộ tịch60/2014/QH13",
        "co_quan_thuc_hien": "Ủy ban nhân dân cấp xã",
        "yeu_cau_dieu_kien": "Không có thông tin",
        "ket_qua_xu_ly": "Giấy mẫuMã: KQ.G15.000034Từ khóaKhông có thông tinMô tảKhông có",
        **more,
    }


def defence(code: str = "1.000002") -> dict[str, Any]:
    """Returns a record of the Ministry of Defence."""
    return {
        "thu_tuc_id": code,
        "metadata": {
            "tên_thủ_tục": "Thủ tục đăng ký mẫu",
            "số_quyết_định": "Quyết định số 2/QĐ-BQP",
            "cấp_thực_hiện": "Cấp Xã",
            "lĩnh_vực": "Nghĩa vụ quân sự",
        },
        "content": {
            "trình_tự_thực_hiện": "Bước 1: Đăng ký. Bước 2: Nhận giấy.",
            "đối_tượng_thực_hiện": "Công dân Việt Nam",
            "cơ_quan_thực_hiện": "Ban Chỉ huy quân sự cấp xã",
            "kết_quả_thực_hiện": "Giấy chứng nhận.",
        },
        "tables": {
            "hinh_thuc_nop": [
                {
                    "hinh_thuc": "Trực tiếp",
                    "thoi_han_giai_quyet": "10 Ngày",
                    "phi_le_phi": "Phí : 50.000 Đồng (một hồ sơ)\nLệ phí : 05 USD (người nước "
                    "ngoài)",
                    "mo_ta": "",
                }
            ],
            "thanh_phan_ho_so": [
                {
                    "ten_giay_to": "1.\tĐơn (Mẫu số 25)",
                    "so_luong": "Mau25.doc",
                    "ghi_chu": "Bản chính: 1\nBản sao: 0",
                }
            ],
            "can_cu_phap_ly": [
                {"so_ky_hieu": "12", "trich_yeu": "Quyết định số 12/2021/QĐ-TTg ngày 24/3/2021"},
                {"so_ky_hieu": "Thông tư số 67/2024/TT-BQP", "trich_yeu": "Thông tư"},
            ],
        },
    }


def commune(code: str = "1.000003") -> dict[str, Any]:
    """Returns a record of a commune's own list."""
    return {
        "code": code,
        "name": "Hỗ trợ mẫu",
        "decision": "3/QĐ-BNV",
        "agency": "Bộ Nội vụ",
        "field": "Việc làm",
        "level": "Cấp xã",
        "audience": "Công dân Việt Nam",
        "executing_agency": "Ủy ban nhân dân cấp xã",
        "methods": [
            {
                "method": "Trực tiếp",
                "time": "7 ngày làm việc",
                "fee": "Phí: 0 VNĐ",
                "note": "Tạm ứng",
            },
            {"method": "Trực tiếp", "time": "3 ngày làm việc", "fee": "", "note": "Thanh toán"},
        ],
        "steps": "Nộp hồ sơ tại xã.",
        "documents": [
            {"case": "", "name": "Đơn (Mẫu số 01)", "original": True, "copy": False},
            {"case": "Thanh niên", "name": "Giấy xác nhận", "original": False, "copy": True},
        ],
        "result": "Quyết định hỗ trợ.",
        "legal": [{"number": "Nghị định số 338/2025/NĐ-CP", "title": "Nghị định"}],
        "conditions": "Không",
        "link": "",
    }


def api(code: str = "1.000004") -> dict[str, Any]:
    """Returns a detail record of the portal's API, as its answer wraps it."""
    return {
        "code": "OK",
        "data": {
            "id": "019d2bfd-3fe0-70ac-b9d6-5e9e20d6eef7",
            "code": code,
            "name": "Thủ tục đăng ký thử",
            "isWard": True,
            "isProvince": False,
            "executionSteps": [
                {"name": "Bước 1", "description": "Nộp hồ sơ."},
                {"name": "Bước 2", "description": "Nhận kết quả."},
            ],
            "executionMethods": [
                {
                    "submissionMethod": "ONLINE",
                    "processingTime": 1,
                    "processingTimeUnit": "OTHER",
                    "fees": [{"type": "SERVICE_FEE", "value": 0, "description": ""}],
                },
                {
                    "submissionMethod": "DIRECT",
                    "processingTime": 3,
                    "processingTimeUnit": "WORKING_DAY",
                    "fees": [{"type": "FEE", "value": 8000, "description": "8.000 đồng/bản"}],
                },
            ],
            "executionCases": [
                {
                    "name": "* Giấy tờ phải xuất trình:",
                    "profileComponents": [
                        {
                            "name": "- Thẻ căn cước",
                            "originalQty": 1,
                            "copyQty": 0,
                            "required": False,
                            "attachments": [{"fileName": "Mau 01.doc"}],
                        },
                        {"name": "Trường hợp đã có dữ liệu", "originalQty": 0, "copyQty": 0},
                    ],
                }
            ],
            "legalBasisesDetails": [{"name": "Luật Hộ tịch", "code": "60/2014/QH13"}],
            "departmentsExecuting": [{"name": "Ủy ban nhân dân cấp xã"}],
            "departmentsAuthority": [],
            "requirementsAndConditions": "<p>Từ đủ 14 tuổi</p>",
            "categoriesDetails": [{"name": "Hộ tịch"}],
            "resultsDetails": [{"name": "Trích lục"}],
            "updatedAt": 1767225600000,
        },
    }


def export(path: Path, code: str = "1.000005") -> Path:
    """Writes a commune's Excel export with all its sheets."""
    book = openpyxl.Workbook()
    main = book.active
    assert main is not None
    main.title = "TTHC2-CAPXA"
    main.append(["Danh mục thủ tục hành chính cấp xã"])
    main.append([])
    main.append(
        [
            *("STT", "Mã TTHC", "Tên TTHC", "Link truy cập", "Số quyết định", "Ngày quyết định"),
            *("Cơ quan ban hành", "Lĩnh vực", "Cấp thực hiện", "Đối tượng thực hiện", "Loại TTHC"),
            *("Từ khoá", "Địa chỉ tiếp nhận", "Cơ quan thực hiện", "Cơ quan có thẩm quyền"),
        ]
    )
    main.append(
        [
            *(
                1,
                code,
                "Thủ tục chứng thực",
                "https://dichvucong.gov.vn/x",
                "5/QĐ-BTP",
                "01/01/2026",
            ),
            *("Bộ Tư pháp", "Chứng thực", "Cấp xã", "Công dân Việt Nam", "", "", "Số 1 phố Mẫu"),
            *("Ủy ban nhân dân cấp xã", ""),
        ]
    )
    main.append([2, 1.0011, "Mã bị Excel đổi thành số", "", "", "", "", "Hộ tịch", "Cấp xã"])
    main.append([3, "1.000006", "", "", "", "", "", "Hộ tịch", "Cấp xã"])
    sheets: dict[str, list[list[Any]]] = {
        "Cách thức thực hiện": [
            ["STT", "Mã TTHC", "", "Hình thức nộp", "Thời gian", "Phí, lệ phí", "Mô tả"],
            ["", code, "", "Trực tiếp", "2 Ngày làm việc", "Phí: 2.000 VNĐ (2.000 đồng/trang)", ""],
        ],
        "Trình tự thực hiện": [
            ["STT", "Mã TTHC", "", "Trường hợp", "Mô tả"],
            ["", code, "", "Tại xã", "- Nộp bản chính;\n- Nhận bản sao."],
        ],
        "TPHS": [
            *[
                [
                    "",
                    "",
                    "",
                    "Mã TPHS",
                    "Tên giấy tờ",
                    "Loại giấy tờ",
                    "",
                    "Bản chính",
                    "Bản sao",
                    "",
                ]
            ],
            *[
                [
                    "",
                    code,
                    "",
                    "G1",
                    "Bản chính cần sao",
                    "Giấy tờ xuất trình",
                    "",
                    "x",
                    "",
                    "Mau.doc",
                ]
            ],
        ],
        "KQTH": [["", "Mã TTHC", "", "Mã", "Tên kết quả"], ["", code, "", "K1", "Bản sao"]],
        "CCPL": [
            ["", "Mã TTHC", "", "Số ký hiệu", "Trích yếu"],
            ["", code, "", "Nghị định 23/2015/NĐ-CP", "Về chứng thực"],
        ],
        "TTHC": [
            ["STT", "Mã TTHC", *[""] * 14, "Yêu cầu, điều kiện"],
            ["", code, *[""] * 14, "Rõ ràng"],
        ],
    }
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
    book.save(path)
    return path


def portal_list(path: Path, *rows: tuple[str, str, str, str, str]) -> Path:
    """Writes the portal's plain Excel list."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nDANH SÁCH THỦ TỤC HÀNH CHÍNH"])
    sheet.append(["Mã số", "Tên", "Cơ quan ban hành", "Cơ quan thực hiện", "Lĩnh vực"])
    for row in rows:
        sheet.append(row)
    book.save(path)
    return path
